#include "model/ignored_by_git.hpp"

#include "model/context_path.hpp"
#include "model/gitignore.hpp"
#include "text/path.hpp"

namespace dockhew::inline model {

bool is_ignored_by_git(const BuildContext& context, const std::string& path) {
  if (!context.is_known() || context.is_versioned(path) == true) return false;
  auto directories = directories_above(path, ".");
  GitIgnore ignored;
  ignored.add(context.origin().unversioned, ".");
  for (auto directory = directories.rbegin(); directory != directories.rend(); ++directory)
    if (const auto text = context.read_if_not_ignored(join_context_path(*directory, ".gitignore")))
      ignored.add(*text, *directory);
  return ignored.ignores(path, false);
}

}  // namespace dockhew::inline model
