#include "stages/copied_artifacts.hpp"

#include <algorithm>

#include "effects/copied_files.hpp"
#include "text/path.hpp"

namespace dockhew {
namespace {

// `cp a b || true`: the file may not exist.
bool has_alternatives(const Script& script) {
  return std::ranges::any_of(script.chain, [](const ChainElement& e) { return e.joint == Joint::or_if; });
}

// `mv A B` and `mv B A` in one RUN, as with the hook that our own APT mounts set aside.
bool is_set_aside(const Script& script, const ShellCommand& command) {
  const auto moves = [](const ShellCommand& c, const ShellWord& from, const ShellWord& to) {
    return c.words.size() == 3 && c.name() == "mv" && c.words[1].raw == from.raw && c.words[2].raw == to.raw;
  };
  return command.name() == "mv" && command.words.size() == 3 &&
         std::ranges::any_of(script.commands, [&](const ShellCommand& other) {
           return moves(other, command.words[2], command.words[1]);
         });
}

}  // namespace

Outcome<std::vector<Artifact>> find_copied_artifacts(const Stage& stage, const std::vector<const Step*>& runs,
                                                     const std::vector<Artifact>& taken) {
  std::vector<Artifact> result;
  const auto is_in = [](const std::vector<Artifact>& artifacts, const std::string& path) {
    return std::ranges::any_of(artifacts, [&](const Artifact& a) { return path_is_under(path, a.from); });
  };
  for (const auto* step : runs)
    for (const auto& command : step->script->commands) {
      const auto name = command.name();
      if ((name != "cp" && name != "mv" && name != "install") || is_set_aside(*step->script, command)) continue;
      const auto copied = find_copied_files(stage, command);
      if (command.conditional || has_alternatives(*step->script))
        return Declined{"it is not known whether `" + name + "` puts files into the image"};
      if (copied.empty()) return Declined{"it is not known what `" + name + "` puts into the image"};
      for (const auto& path : copied)
        if (!is_in(taken, path) && !is_in(result, path)) result.push_back({path, path});
    }
  return result;
}

}  // namespace dockhew
