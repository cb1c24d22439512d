#include "layers/late_ownership.hpp"

#include <algorithm>
#include <optional>

#include "effects/accounts.hpp"
#include "effects/context_origins.hpp"
#include "effects/source_parts.hpp"
#include "effects/unix_effects.hpp"
#include "layers/made_paths.hpp"
#include "model/failure.hpp"
#include "model/runs.hpp"
#include "text/path.hpp"

namespace dockhew::inline layers {
namespace {

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
    if (program.value.is_known() && path_basename(path_parent(program.text())) == "bin" &&
        path_is_under(environment, directory))
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

struct Content {
  const Step* step;
  std::string path;
};

// `COPY --from=builder /app/requirements.txt .`: a list or a script is no reason.
bool copies_small_files(const Step& step) {
  constexpr std::string_view endings[] = {".conf", ".ini", ".json", ".lock", ".sh", ".toml", ".txt", ".yaml", ".yml"};
  return step.copy && std::ranges::all_of(step.copy->sources, [&](const CopySource& source) {
           return source.known &&
                  std::ranges::any_of(endings, [&](std::string_view end) { return source.text.ends_with(end); });
         });
}

bool copies_all(const Copy& copy) {
  return std::ranges::any_of(copy.sources, [](const CopySource& source) { return in_context(source.text) == "."; });
}

// What a RUN gives another owner that weighs something; beside small files of another stage, the source.
std::optional<Content> heaviest(const Site& run, const std::string& directory) {
  const Step* source = nullptr;
  bool small = false;
  for (const auto& earlier : steps_before(run.stage, run.step)) {
    auto path = heavy_path(run.at(earlier), directory);
    if (!path.empty() && !copies_small_files(earlier)) return Content{&earlier, std::move(path)};
    small |= !path.empty();
    const auto& copy = earlier.copy;
    if (copy && copy->from_context() && copy->destination.is_known() &&
        path_is_under(copy->destination.text, directory) && (copies_directory(run.file, *copy) || copies_all(*copy)))
      source = &earlier;
  }
  if (!small || source == nullptr) return std::nullopt;
  return Content{source, source->copy->destination.text};
}

using Changed = AffectedPaths Effects::*;

void find_in_run(const Site& run, Changed changed, std::vector<LateOwnership>& found) {
  for (const auto& command : run.step.script->commands) {
    if (command.nested || command.use != nullptr || !is_recursive(command)) continue;
    if (may_be_skipped(*run.step.script, command)) continue;  // a flag of COPY has no condition
    auto effects = unix_effects(run.file.facts(), command);
    if (const auto home = home_of(run); home.is_known()) effects.resolve_home(home.text);
    for (const auto& owned : (effects.*changed).paths) {
      if (!owned.path.starts_with('/') || owned.path == "/" || without_wildcards(owned.path) != owned.path) continue;
      if (changed == &Effects::owners && has_modes_set(run, owned.path)) continue;
      if (auto content = heaviest(run, owned.path))
        found.push_back({&run.stage, &run.step, &command, owned, content->step, std::move(content->path)});
    }
  }
}

// In RUNs that have the word.
std::vector<LateOwnership> find_late(const Dockerfile& file, std::string_view word, Changed changed) {
  std::vector<LateOwnership> found;
  constexpr std::size_t most_compared = 20;  // each with all steps before it
  std::size_t compared = 0;
  for (const auto& stage : file.stages()) {
    if (!file.ships(stage)) continue;
    for (const auto& step : stage.steps)
      if (step.script && !step.script->opaque && step.instruction->text.view().find(word) != std::string_view::npos) {
        if (++compared > most_compared) return found;
        find_in_run({file, stage, step}, changed, found);
      }
  }
  return found;
}

}  // namespace

std::vector<LateOwnership> find_late_ownership(const Dockerfile& file) {
  return find_late(file, "chown", &Effects::owners);
}

std::vector<LateOwnership> find_late_modes(const Dockerfile& file) { return find_late(file, "chmod", &Effects::modes); }

}  // namespace dockhew::inline layers
