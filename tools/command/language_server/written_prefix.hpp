// What stands before the cursor in an instruction that is being written, and so often cannot be read as one yet.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/dockerfile.hpp"

namespace dockhew::cli {

struct WrittenPrefix {
  enum class Kind {
    nothing,   // a place where nothing of a Dockerfile is written: in a heredoc
    comment,   // `words` has the whole of it
    keyword,   // the first word of an instruction
    argument,  // what follows
  };

  Kind kind = Kind::nothing;
  Keyword keyword = Keyword::unknown;  // of an argument
  std::vector<std::string> words;      // behind the keyword, without continuations; the last is before the cursor
  Span last;                           // of that word in the source, if it is in one line

  bool only_flags() const;  // before the last word
};

WrittenPrefix prefix_before(const Dockerfile& file, std::uint32_t offset);

}  // namespace dockhew::cli
