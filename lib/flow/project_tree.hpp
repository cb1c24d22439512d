// What lies in the build context, as far as a look at it goes: the directories of its projects, and what Git is told to
// leave alone. Hidden directories, and those that tools fill, are named and not entered.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/build_context.hpp"
#include "model/gitignore.hpp"

namespace dockhew::inline flow {

struct ProjectTree {
  struct Directory {
    std::string path;  // in the context
    std::vector<std::string> names;

    bool has(std::string_view patterns) const;  // a name that matches one of them; they are separated by blanks
  };

  std::vector<Directory> directories;  // the root first
  bool complete = true;                // it was small enough to be looked at as a whole
  GitIgnore ignored;
};

// Found once for a context, which must be known.
std::shared_ptr<const ProjectTree> project_tree(const BuildContext& context);

}  // namespace dockhew::inline flow
