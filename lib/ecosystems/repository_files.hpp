// Where in a whole repository files of a name are. A build context that nothing in the project names is a guess, and a
// file that is not in it may be in the true one; a file that is nowhere in the repository is in none.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/build_context.hpp"

namespace dockhew::inline ecosystems {

struct RepositoryFiles {
  // Names of all files and directories, sorted, each with the directory that it is in. Those that tools fill and hidden
  // directories are named and not entered.
  std::vector<std::pair<std::string, std::string>> places;
  bool complete = true;  // the repository was small enough to be looked at as a whole

  // Paths, from the root of the repository, of what has this name.
  std::vector<std::string> paths_of(std::string_view name) const;
};

// Found once for a context, which must be known. Where no repository is known, the context counts as one.
std::shared_ptr<const RepositoryFiles> repository_files(const BuildContext& context);

// Whether a directory is one that a tool fills, as `node_modules`, and that nobody writes.
bool is_filled_by_tool(std::string_view name);

// What a path of it is read from.
const FileSource& repository_of(const BuildContext& context);

// Whether nothing in the repository has this name, so that no build context in it has.
bool is_nowhere(const BuildContext& context, std::string_view name);

}  // namespace dockhew::inline ecosystems
