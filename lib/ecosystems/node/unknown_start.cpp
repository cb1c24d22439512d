#include "ecosystems/node/unknown_start.hpp"

#include <algorithm>

#include "model/start_command.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {

Obstacle obstacle_of_unknown_start(const Conversion& conversion) {
  constexpr std::string_view own[] = {"corepack", "node", "nodejs", "npm", "npx", "yarn", "yarnpkg"};
  const auto start = find_start_command(conversion.stage);
  if (!start) return std::nullopt;
  const auto& name = start->words.front();
  const auto& facts = conversion.file.facts();
  if (name.find('/') != name.npos || name.ends_with("sh") || facts.unix_command(name) != nullptr ||
      facts.is_bystander(name) || is_launcher(name) || facts.full_image_programs.contains(name) ||
      std::ranges::find(own, name) != std::end(own))
    return std::nullopt;
  // `PATH=/app/node_modules/.bin:$PATH`
  const auto path = conversion.file.lookup(conversion.stage, conversion.stage.environment.size(), "PATH");
  if (!path.is_known() || path.text.find(conversion.build.workdir.text + "/") != std::string::npos) return std::nullopt;
  const auto is_it = [&](std::string_view path) { return path_basename(path) == name; };
  for (const auto& step : conversion.stage.steps) {
    if (step.copy &&
        (is_it(step.copy->destination.text) ||
         std::ranges::any_of(step.copy->sources, is_it, [](const CopySource& source) { return source.text; })))
      return std::nullopt;
    if (!step.script) continue;
    // An installed package, perhaps with its version, a link, a download.
    const auto names_it = [&](std::string_view raw) { return is_it(raw.substr(0, raw.find('@', 1))); };
    for (const auto& command : step.script->commands)
      if (std::ranges::any_of(command.words, names_it, &ShellWord::raw)) return std::nullopt;
  }
  return Declined{"`" + name + "`, which the container runs, may not be in the runtime image"};
}

}  // namespace dockhew::inline ecosystems
