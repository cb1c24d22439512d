#include "ecosystems/repository_files.hpp"

#include <algorithm>
#include <utility>

#include "ecosystems/ecosystem.hpp"
#include "model/context_path.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::size_t most_names = 12000;

RepositoryFiles look_at(const FileSource& files) {
  RepositoryFiles found;
  std::vector<std::string> waiting = {"."};
  for (std::size_t i = 0; i < waiting.size() && found.complete; ++i) {
    const auto directory = waiting[i];
    for (auto& name : files.entries(directory)) {
      if (found.places.size() == most_names) {
        found.complete = false;
        break;
      }
      auto path = join_context_path(directory, name);
      if (!name.starts_with('.') && !is_filled_by_tool(name) && files.kind(path) == PathKind::directory)
        waiting.push_back(std::move(path));
      found.places.emplace_back(std::move(name), directory);
    }
  }
  std::ranges::sort(found.places);
  return found;
}

}  // namespace

bool is_filled_by_tool(std::string_view name) {
  return std::ranges::any_of(all_ecosystems(), [&](const Ecosystem* ecosystem) {
    return std::ranges::any_of(ecosystem->generated_directories, [&](const GeneratedDirectory& each) {
      return !each.may_be_written && each.path == name;
    });
  });
}

std::vector<std::string> RepositoryFiles::paths_of(std::string_view name) const {
  std::vector<std::string> paths;
  const auto first = std::ranges::lower_bound(places, name, {}, &std::pair<std::string, std::string>::first);
  for (auto place = first; place != places.end() && place->first == name; ++place)
    paths.push_back(join_context_path(place->second, name));
  return paths;
}

const FileSource& repository_of(const BuildContext& context) {
  return context.origin().repository ? *context.origin().repository : context.files();
}

std::shared_ptr<const RepositoryFiles> repository_files(const BuildContext& context) {
  return context.answer("the repository's files", [&] { return look_at(repository_of(context)); });
}

bool is_nowhere(const BuildContext& context, std::string_view name) {
  const auto files = repository_files(context);
  return files->complete && files->paths_of(name).empty();
}

}  // namespace dockhew::inline ecosystems
