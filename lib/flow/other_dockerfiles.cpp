#include "flow/other_dockerfiles.hpp"

#include <algorithm>
#include <set>

#include "ecosystems/repository_files.hpp"
#include "flow/project_tree.hpp"
#include "model/context_path.hpp"
#include "text/path.hpp"

namespace dockhew::inline flow {
namespace {

constexpr std::size_t most_directories = 1500, most_names = 12000;

bool is_dockerfile_name(std::string_view name) {
  if (name.find("ontainerfile") != name.npos) return !name.ends_with("ignore");
  return name.find("ockerfile") != name.npos && !name.ends_with("ignore") && !name.ends_with(".md");
}

ContextDockerfiles look_at(const BuildContext& context) {
  ContextDockerfiles found;
  std::set<std::string> seen;
  const auto add = [&](const std::string& directory, std::string path) {
    if (seen.insert(path).second) found.places.push_back({directory, std::move(path)});
  };
  std::vector<std::string> waiting = {"."};
  std::size_t names = 0;
  for (std::size_t i = 0; i < waiting.size() && i < most_directories && names <= most_names; ++i) {
    const auto directory = waiting[i];
    for (const auto& name : context.entries_if_not_ignored(directory)) {
      ++names;
      auto path = join_context_path(directory, name);
      const auto kind = context.kind_if_not_ignored(path);
      if (kind == PathKind::file && is_dockerfile_name(name)) add(directory, std::move(path));
      else if (kind == PathKind::directory && name != ".git" && !is_filled_by_tool(name))
        waiting.push_back(std::move(path));
    }
  }
  for (const auto& path : context.origin().other_dockerfiles) add(std::string(path_parent(path)), path);
  return found;
}

}  // namespace

std::shared_ptr<const ContextDockerfiles> dockerfiles_of(const BuildContext& context) {
  return context.answer("the context's Dockerfiles", [&] { return look_at(context); });
}

}  // namespace dockhew::inline flow
