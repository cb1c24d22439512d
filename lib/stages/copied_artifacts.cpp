#include "stages/copied_artifacts.hpp"

#include <algorithm>

#include "effects/copied_files.hpp"
#include "effects/removed_files.hpp"
#include "effects/unix_effects.hpp"
#include "text/path.hpp"

namespace dockhew::inline stages {
namespace {

// `cp a b || true`: the file may not exist.
bool has_alternatives(const Script& script) {
  return std::ranges::any_of(script.chain, [](const ChainElement& e) { return e.joint == Joint::or_if; });
}

// `mv A B` and `mv B A` in one RUN, as where `docker-clean` is set aside for APT.
bool is_set_aside(const Facts& facts, const Script& script, const ShellCommand& command) {
  const auto moves_one = [&](const ShellCommand& any) {
    return any.words.size() == 3 && has_operands(facts, any, {Operands::moved});
  };
  return moves_one(command) && std::ranges::any_of(script.commands, [&](const ShellCommand& other) {
           return moves_one(other) && other.words[1].raw == command.words[2].raw &&
                  other.words[2].raw == command.words[1].raw;
         });
}

}  // namespace

Outcome<std::vector<Artifact>> find_copied_artifacts(const Facts& facts, const Stage& stage,
                                                     const std::vector<const Step*>& runs,
                                                     const std::vector<Artifact>& taken) {
  std::vector<Artifact> result;
  const auto is_in = [](const std::vector<Artifact>& artifacts, const std::string& path) {
    return std::ranges::any_of(artifacts, [&](const Artifact& a) { return path_is_under(path, a.from); });
  };
  for (const auto* step : runs)
    for (const auto& command : step->script->commands) {
      // `cp a b && mv b c`: nothing is left of `b`.
      for (std::size_t i = result.size(); i-- > 0;) {
        const auto removal = removal_by(facts, *step->script, command, result[i].from);
        if (removal == Removal::perhaps && !is_set_aside(facts, *step->script, command))
          return Declined{"it is not known whether `" + command.name() + "` leaves `" + result[i].from + "`"};
        if (removal == Removal::yes) result.erase(result.begin() + static_cast<std::ptrdiff_t>(i));
      }
      if (!puts_files(facts, command) || is_set_aside(facts, *step->script, command)) continue;
      const auto& name = command.name();
      const auto copied = find_copied_files(facts, stage, command);
      if (command.conditional || has_alternatives(*step->script))
        return Declined{"it is not known whether `" + name + "` puts files into the image"};
      if (copied.empty()) return Declined{"it is not known what `" + name + "` puts into the image"};
      for (const auto& path : copied)
        if (!is_in(taken, path) && !is_in(result, path)) result.push_back({path, path});
    }
  return result;
}

}  // namespace dockhew::inline stages
