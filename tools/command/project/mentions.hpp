// Which Dockerfiles anything in a project speaks of, in whatever form: what no reader of build files understands may
// still build one.
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>

namespace dockhew::cli {

struct Mentions {
  std::set<std::string, std::less<>> names;  // of Dockerfiles, without their directories
  std::set<std::string, std::less<>> words;  // all that may be a part of a path
  bool unknown = false;                      // there may be others: a name is put together, or a file cannot be read
};

// Whether a file is written for people, by its name: they are told there what to build.
bool is_document(std::string_view name);

// Of all these files together.
Mentions read_mentions(std::span<const std::string> files);

}  // namespace dockhew::cli
