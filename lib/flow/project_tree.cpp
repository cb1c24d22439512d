#include "flow/project_tree.hpp"

#include <algorithm>

#include "ecosystems/repository_files.hpp"
#include "model/context_path.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline flow {
namespace {

constexpr std::size_t most_directories = 1500, most_names = 12000;

// Hidden directories are those of other programs, but for these, which have the settings of a build.
bool may_be_entered(std::string_view name) {
  return !name.starts_with('.') || name == ".vitepress" || name == ".vuepress";
}

ProjectTree look_at(const BuildContext& context) {
  constexpr const char* gitignore = ".gitignore";
  ProjectTree tree;
  tree.ignored.add(context.origin().unversioned, ".");
  std::vector<std::string> waiting = {"."};
  std::size_t names = 0;
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    if (i == most_directories || names > most_names) {
      tree.complete = false;
      break;
    }
    const auto path = waiting[i];
    if (const auto text = context.read_if_not_ignored(join_context_path(path, gitignore)))
      tree.ignored.add(*text, path);
    tree.directories.push_back({path, context.entries(path)});
    names += tree.directories.back().names.size();
    for (const auto& name : tree.directories.back().names) {
      auto below = join_context_path(path, name);
      if (may_be_entered(name) && !is_filled_by_tool(name) && context.kind(below) == PathKind::directory)
        waiting.push_back(std::move(below));
    }
  }
  return tree;
}

}  // namespace

bool ProjectTree::Directory::has(std::string_view patterns) const {
  return std::ranges::any_of(split_words(patterns), [&](std::string_view pattern) {
    return std::ranges::any_of(names, [&](const std::string& name) { return glob_match(pattern, name); });
  });
}

std::shared_ptr<const ProjectTree> project_tree(const BuildContext& context) {
  return context.answer("the project's tree", [&] { return look_at(context); });
}

}  // namespace dockhew::inline flow
