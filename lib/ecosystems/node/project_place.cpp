#include "ecosystems/node/project_place.hpp"

#include <algorithm>

#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

// Where a COPY puts a package.json that it names, also as `package*.json`.
std::optional<std::string> place_of_manifest(const Copy& copy) {
  if (!copy.destination.is_known()) return std::nullopt;
  const auto is_manifest = [](const CopySource& source) {
    return source.known && glob_match(path_basename(source.text), "package.json");
  };
  if (std::ranges::none_of(copy.sources, is_manifest)) return std::nullopt;
  return copy.directory ? copy.destination.text : std::string(path_parent(copy.destination.text));
}

}  // namespace

Value directory_of_use(const ToolUse& use) {
  const auto& command = *use.command;
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    const std::string_view raw = command.words[i].raw;
    for (const std::string_view option : {"--prefix", "-C", "--dir", "--cwd"}) {
      if (raw.starts_with(option) && raw.substr(option.size()).starts_with('=')) return Value::unknown();
      if (raw != option || i + 1 == command.words.size()) continue;
      const auto& value = command.words[i + 1].value;
      if (!value.is_known() || !command.directory.is_known()) return Value::unknown();
      return Value::known(resolve_path(command.directory.text, value.text));
    }
  }
  return command.directory;
}

std::optional<std::string> manifest_above(const Stage& stage, const std::string& directory) {
  std::optional<std::string> above;
  for (const auto& step : stage.steps) {
    if (!step.copy) continue;
    if (!step.copy->destination.is_known() || path_is_under(step.copy->destination.text, directory))
      return std::nullopt;
    const auto place = place_of_manifest(*step.copy);
    if (place && *place != directory && path_is_under(directory, *place)) above = *place;
  }
  return above;
}

}  // namespace dockhew::inline ecosystems
