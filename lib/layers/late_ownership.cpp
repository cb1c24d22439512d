#include "layers/late_ownership.hpp"

#include <algorithm>

#include "effects/accounts.hpp"
#include "effects/unix_effects.hpp"
#include "layers/made_paths.hpp"
#include "model/runs.hpp"
#include "text/path.hpp"

namespace dockhew::inline layers {
namespace {

bool is_recursive(const ShellCommand& command) {
  return std::ranges::any_of(command.words, [](const ShellWord& word) {
    const bool letters = word.raw.starts_with('-') && !word.raw.starts_with("--");
    return word.raw == "--recursive" || (letters && word.raw.find('R') != word.raw.npos);
  });
}

// What is heavy: what other stages have built, and what a package manager installs. Source is small.
std::string heavy_path(const Site& site, const std::string& directory) {
  const auto& [file, stage, step] = site;
  if (const auto& copy = step.copy)
    return !copy->from_context() && copy->destination.is_known() && path_is_under(copy->destination.text, directory)
               ? copy->destination.text
               : std::string();
  if (!step.script || step.script->opaque) return {};
  for (const auto& command : step.script->commands) {
    if (command.use == nullptr || command.use->action->kind != ActionKind::install) continue;
    for (auto& path : made_paths(site, command))
      if (path_is_under(path, directory)) return path;
    const auto& program = command.words.front();  // `/app/venv/bin/pip`
    const auto environment = std::string(path_parent(path_parent(program.text())));
    if (program.value.is_known() && environment != directory && path_is_under(environment, directory))
      return environment;
  }
  return {};
}

// `chown -R … /app && chmod -R 755 /app`: the layer holds all of it for the modes, too.
bool has_modes_set(const Site& run, const std::string& path) {
  return std::ranges::any_of(run.step.script->commands, [&](const ShellCommand& other) {
    if (other.use != nullptr || !is_recursive(other)) return false;
    const auto modes = unix_effects(run.file.facts(), other).modes;
    return std::ranges::any_of(modes.paths, [&](const auto& changed) { return path_is_under(path, changed.path); });
  });
}

void find_in_run(const Site& run, std::vector<LateOwnership>& found) {
  for (const auto& command : run.step.script->commands) {
    if (command.nested || command.use != nullptr || !is_recursive(command)) continue;
    auto effects = unix_effects(run.file.facts(), command);
    if (const auto home = home_of(run); home.is_known()) effects.resolve_home(home.text);
    for (const auto& owned : effects.owners.paths) {
      if (!owned.path.starts_with('/') || owned.path == "/" || without_wildcards(owned.path) != owned.path) continue;
      if (has_modes_set(run, owned.path)) continue;
      for (const auto& earlier : steps_before(run.stage, run.step)) {
        auto content = heavy_path(run.at(earlier), owned.path);
        if (content.empty()) continue;
        found.push_back({&run.stage, &run.step, &command, owned, &earlier, std::move(content)});
        break;
      }
    }
  }
}

}  // namespace

std::vector<LateOwnership> find_late_ownership(const Dockerfile& file) {
  std::vector<LateOwnership> found;
  constexpr std::size_t most_compared = 20;  // each with all steps before it
  std::size_t compared = 0;
  for (const auto& stage : file.stages()) {
    if (!file.ships(stage)) continue;
    for (const auto& step : stage.steps)
      if (step.script && !step.script->opaque &&
          step.instruction->text.view().find("chown") != std::string_view::npos) {
        if (++compared > most_compared) return found;
        find_in_run({file, stage, step}, found);
      }
  }
  return found;
}

}  // namespace dockhew::inline layers
