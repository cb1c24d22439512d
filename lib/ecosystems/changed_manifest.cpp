#include "ecosystems/changed_manifest.hpp"

#include <algorithm>

#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

bool names_one(std::string_view text, std::span<const std::string_view> names) {
  return std::ranges::any_of(names, [&](std::string_view name) { return text.find(name) != text.npos; });
}

bool copy_may_change(const Copy& copy, const std::string& directory, std::span<const std::string_view> names) {
  const auto& to = copy.destination.text;
  if (!copy.from_context())
    return !copy.destination.is_known() || path_is_under(directory, to) ||
           (path_is_under(to, directory) && names_one(to, names));
  // `COPY package.docker.json ./package.json`
  const auto is_other = [&](const CopySource& source) {
    return !source.known || !to.ends_with(path_basename(source.text));
  };
  return copy.destination.is_known() && !copy.directory && path_is_under(to, directory) && names_one(to, names) &&
         std::ranges::any_of(copy.sources, is_other);
}

}  // namespace

bool may_have_changed_manifest(const Site& site, const ToolUse& use, const std::string& directory,
                               std::span<const std::string_view> names) {
  const auto& script = *site.step.script;
  for (const auto& command : script.commands) {
    if (&command == use.command) break;
    if (names_one(script.text.view(command.span), names)) return true;
  }
  return site.any_earlier({"may change the manifest of ", use.tool->id, " in ", directory}, [&](const Site& earlier) {
    const auto& step = earlier.step;
    if (step.copy) return copy_may_change(*step.copy, directory, names);
    return step.instruction->keyword == Keyword::run && names_one(step.instruction->text.view(), names);
  });
}

}  // namespace dockhew::inline ecosystems
