#include "flow/makers.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "ecosystems/command_effects.hpp"
#include "ecosystems/ecosystem.hpp"
#include "model/runs.hpp"
#include "text/path.hpp"

namespace dockhew::inline flow {
namespace {

// Nobody writes more of them.
constexpr std::size_t most_steps = 200;

// Directories that compilers make beside programs, or put these into.
constexpr std::string_view directories[] = {"bin", "build",  "debug", "deps", "dist",   "examples", "incremental",
                                            "lib", "native", "obj",   "out",  "output", "release",  "target"};

}  // namespace

std::optional<Maker> maker_of(const Dockerfile& file, const Stage& stage, const std::string& path) {
  std::size_t steps = 0;
  for (const auto* each : chain_of(file, stage))
    for (auto step = each->steps.rbegin(); step != each->steps.rend(); ++step) {
      if (++steps > most_steps) return std::nullopt;
      const Site site{file, *each, *step};
      if (step->instruction->keyword == Keyword::run && !step->script) return std::nullopt;
      if (step->copy && (step->copy->destination.is_unknown() || path_is_under(path, step->copy->destination.text)))
        return std::nullopt;
      if (!step->script) continue;
      for (auto command = step->script->commands.rbegin(); command != step->script->commands.rend(); ++command) {
        const auto written = ecosystems::command_effects(site, *command);
        const auto covers = [&](const AffectedPath& one) { return path_is_under(path, one.path); };
        if (std::ranges::none_of(written.writes.paths, covers)) continue;
        if (command->use == nullptr) return std::nullopt;
        return Maker{site, command->use};
      }
    }
  return std::nullopt;
}

std::optional<Maker> maker_of(const Dockerfile& file, const Copy& copy, const CopySource& source) {
  if (!copy.stage || !source.known || source.text.find_first_of("*?[") != std::string::npos) return std::nullopt;
  return maker_of(file, file.stages()[*copy.stage], resolve_path("/", source.text));
}

bool is_compiled_program(const Maker& maker, const std::string& path) {
  const auto* ecosystem = find_ecosystem(*maker.use->tool);
  if (ecosystem == nullptr || ecosystem->runtime == nullptr || !ecosystem->runtime->compiled) return false;
  const auto kind = maker.use->action->kind;
  const auto name = path_basename(path);
  return (kind == ActionKind::build || kind == ActionKind::install) && name.find('.') == name.npos &&
         std::ranges::find(directories, name) == std::end(directories);
}

}  // namespace dockhew::inline flow
