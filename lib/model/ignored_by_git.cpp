#include "model/ignored_by_git.hpp"

#include <string_view>
#include <vector>

#include "model/context_path.hpp"
#include "model/gitignore.hpp"
#include "text/path.hpp"

namespace dockhew::inline model {

constexpr std::string_view list = ".gitignore";

bool is_ignored_by_git(const BuildContext& context, const std::string& path) {
  if (!context.is_known() || context.is_versioned(path) == true) return false;
  // Mostly one for the whole project, which each of its files is asked about.
  std::vector<std::string> with_lists;
  std::string question = "what Git ignores by the lists of";
  for (const auto& directory : directories_above(path, ".")) {
    if (context.kind_if_not_ignored(join_context_path(directory, list)) == PathKind::absent) continue;
    with_lists.push_back(directory);
    question.append(" ").append(directory);
  }
  const auto ignored = context.answer(question, [&] {
    GitIgnore lists;
    lists.add(context.origin().unversioned, ".");
    for (auto directory = with_lists.rbegin(); directory != with_lists.rend(); ++directory)
      if (const auto text = context.read_if_not_ignored(join_context_path(*directory, list)))
        lists.add(*text, *directory);
    return lists;
  });
  return ignored->ignores(path, false);
}

}  // namespace dockhew::inline model
