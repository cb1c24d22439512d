#include "effects/source_copy.hpp"

#include "effects/manifest_copy.hpp"
#include "text/path.hpp"

namespace dockhew {

std::optional<std::size_t> find_source_copy(const Dockerfile& file, const Stage& stage, std::size_t before,
                                            std::string_view directory) {
  for (auto i = before; i-- > 0;) {
    const auto& step = stage.steps[i];
    if (!step.copy || !step.copy->from_context() || !step.copy->destination.is_known() || step.copy->sources.empty())
      continue;
    if (copies_only_manifests(file, *step.copy)) continue;
    if (path_is_under(directory, step.copy->destination.text)) return i;
  }
  return std::nullopt;
}

std::optional<std::string> context_directory(const Copy& copy, std::string_view directory) {
  if (!copy.from_context() || copy.sources.size() != 1 || !copy.sources[0].known || copy.sources[0].heredoc)
    return std::nullopt;
  if (!copy.destination.is_known() || !path_is_under(directory, copy.destination.text)) return std::nullopt;
  if (copy.sources[0].text.find_first_of("*?[") != std::string::npos) return std::nullopt;
  const auto source = clean_path("/" + copy.sources[0].text);  // sources are rooted at the context
  const auto root = source == "/" ? std::string(".") : source.substr(1);
  const auto below = directory == copy.destination.text ? std::string_view(".")
                     : copy.destination.text == "/"     ? directory.substr(1)
                                                        : directory.substr(copy.destination.text.size() + 1);
  return clean_path(root + '/' + std::string(below));
}

}  // namespace dockhew
