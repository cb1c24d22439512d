// One --mount flag of a RUN, read as BuildKit reads it: a CSV record of options with variables expanded.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "model/value.hpp"
#include "syntax/document.hpp"

namespace dockhew::inline model {

struct Mount {
  enum class Type { bind, cache, tmpfs, secret, ssh, other };

  Type type = Type::bind;
  Value target;    // absolute and cleaned; unknown when a variable is
  std::string id;  // as written, else the cleaned target as written
  std::string from;
  std::string source;
  std::string sharing;  // cache: "shared" unless said otherwise
  std::string uid, gid, mode;
  Span span;          // of the flag, in the source
  std::string error;  // why BuildKit rejects it, in its words

  // Writes below the target do not reach the image.
  bool hides_writes() const { return type == Type::cache || type == Type::tmpfs; }
  // Cache mounts with equal keys share one directory.
  bool shares_cache_with(const Mount& other) const {
    return id == other.id && from == other.from && uid == other.uid && gid == other.gid && mode == other.mode;
  }
  std::string cache_key() const { return id + '|' + from + '|' + uid + '|' + gid + '|' + mode; }
};

// Expands the variables of a word; unknown when one of them is.
using WordExpander = std::function<Value(std::string_view word)>;

// Never fails: what BuildKit rejects is in `error`.
Mount read_mount(const Flag& flag, const Value& workdir, const WordExpander& expand);

}  // namespace dockhew::inline model
