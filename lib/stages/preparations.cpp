#include "stages/preparations.hpp"

#include <algorithm>
#include <array>

#include "effects/accounts.hpp"
#include "effects/command_words.hpp"
#include "effects/unix_effects.hpp"
#include "stages/repeated_commands.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline stages {
namespace {

// Of a path, in the runtime stage: comes later from the builder, is in the builder alone.
enum class Presence { there, comes, absent, unknown };

// What a command needs to be done for.
enum class Need { none, run, dropped };

// What every Linux image has more or less of, and so has the runtime image, but for what languages put there.
bool is_of_system(std::string_view path) {
  constexpr std::array<std::string_view, 11> directories = {"/bin", "/dev",  "/etc", "/home", "/lib", "/proc",
                                                            "/run", "/sbin", "/tmp", "/usr",  "/var"};
  const auto is_below = [&](std::string_view directory) { return path_is_under(path, directory); };
  return std::ranges::any_of(directories, is_below) && (!is_below("/usr/local") || path == "/usr/local");
}

class Placer {
 public:
  Placer(const Preparation& preparation, const Step& step, const Placement& placement)
      : given_(preparation),
        facts_(preparation.conversion.file.facts()),
        stage_(preparation.conversion.stage),
        step_(step),
        placement_(placement) {}

  Outcome<Place> place(Place place) {
    bool runs = false, drops = false, users = false;
    for (const auto& command : step_.script->commands) {
      if (command.words.empty()) continue;
      const auto need = need_of(command);
      if (!need) return need.declined();
      runs |= *need == Need::run;
      drops |= *need == Need::dropped;
      users |= creates_accounts(facts_, command);
    }
    if (!drops) return place;
    // What is done to files that the runtime stage does not get need not be done after the build at all.
    if (!runs) return Place{!given_.after_build, false};
    if (given_.after_build)
      return Declined{"`" + first_words(step_.script->text.view(), 60) +
                      "` works on files that the runtime stage does not have"};
    return Place{true, false, users};  // what it needs of it is repeated
  }

 private:
  Presence presence_of(const std::string& path) const {
    if (path.starts_with('~')) return Presence::unknown;
    const bool comes = std::ranges::any_of(given_.artifacts, [&](const Artifact& artifact) {
      return path_is_under(path, artifact.to) || glob_match(path, artifact.to) ||
             (given_.after_build && path_is_under(artifact.to, path));
    });
    if (comes && given_.after_build) return Presence::there;
    // Where there is something below it, it is there too.
    if (given_.places.has(path, true) || is_in(path, made_here_)) return Presence::there;
    if (comes) return Presence::comes;
    if (is_in_builder_alone(path)) return Presence::absent;
    if (given_.same_family || is_of_system(path)) return Presence::there;
    return Presence::unknown;
  }

  static bool is_in(const std::string& path, const std::vector<std::string>& places) {
    return std::ranges::any_of(places, [&](const std::string& place) { return path_is_under(path, place); });
  }

  bool is_in_builder_alone(const std::string& path) const {
    for (std::size_t i = 0; i < stage_.steps.size(); ++i) {
      const auto& step = stage_.steps[i];
      const auto& place = placement_.places[i];
      if (step.copy && place.builder && !place.runtime && step.copy->destination.is_known() &&
          path_is_under(path, step.copy->destination.text) &&
          (step.copy->destination.text != "/" || !is_of_system(path)))
        return true;
    }
    const auto& workdir = given_.conversion.build.workdir;
    return workdir.is_known() && workdir.text != "/" && path_is_under(path, workdir.text);
  }

  Outcome<Need> need_of(const ShellCommand& command) {
    if (creates_accounts(facts_, command)) return Need::run;
    const auto effects = unix_effects(facts_, command);
    if (has_operands(facts_, command, {Operands::moded, Operands::owned})) return need_of_change(command, effects);
    AffectedPaths made = effects.writes;
    std::erase_if(made.paths, [](const AffectedPath& file) { return file.path.starts_with("/dev/"); });
    if (made.anything || made.paths.empty()) return made.anything ? Need::run : Need::none;
    const bool with_parents = effects.makes_directories && makes_parents(facts_, command);
    bool runs = false, drops = false;
    for (const auto& file : made.paths) {
      const auto presence = with_parents ? Presence::there : presence_of(std::string(path_parent(file.path)));
      if (presence == Presence::unknown) return unknown(command);
      const bool unneeded = presence != Presence::there;
      if (unneeded && !comes_with_artifact(file.path) && !is_part_of_source(file.path, step_.workdir))
        return Declined{"`" + text_of(command) + "` creates something in a directory that only the builder has"};
      (unneeded ? drops : runs) = true;
      if (!unneeded) made_here_.push_back(file.path);
    }
    if (runs && drops) return partly(command);
    return drops ? Need::dropped : Need::run;
  }

  Outcome<Need> need_of_change(const ShellCommand& command, const Effects& effects) const {
    auto changed = effects.modes;
    changed.add(effects.owners);
    if (changed.anything) return Need::run;
    bool runs = false, drops = false;
    for (const auto& each : changed.paths) {
      const auto presence = presence_of(each.path);
      if (presence == Presence::unknown) return unknown(command);
      (presence == Presence::there ? runs : drops) = true;
    }
    if (runs && drops) return partly(command);
    return drops ? Need::dropped : Need::run;
  }

  bool comes_with_artifact(const std::string& path) const {
    return std::ranges::any_of(given_.artifacts, [&](const Artifact& a) { return path_is_under(path, a.to); });
  }

  std::string text_of(const ShellCommand& command) const {
    return first_words(step_.script->text.view(command.span), 60);
  }
  Declined unknown(const ShellCommand& command) const {
    return {"it is not known whether the runtime stage has what `" + text_of(command) + "` works on"};
  }
  Declined partly(const ShellCommand& command) const {
    return {"the runtime stage has only a part of what `" + text_of(command) + "` works on"};
  }

  const Preparation& given_;
  const Facts& facts_;
  const Stage& stage_;
  const Step& step_;
  const Placement& placement_;
  std::vector<std::string> made_here_;
};

bool only_prepares(const Facts& facts, const Script& script) {
  return !script.opaque && std::ranges::all_of(script.commands, [&](const ShellCommand& command) {
    if (command.words.empty() || creates_accounts(facts, command)) return true;
    return command.use == nullptr && facts.is_plain(command.name()) &&
           has_operands(facts, command,
                        {Operands::none, Operands::written, Operands::linked, Operands::moded, Operands::owned});
  });
}

}  // namespace

Outcome<Place> place_preparation(const Preparation& preparation, const Step& step, const Placement& placement,
                                 Place place) {
  if (!place.runtime || !step.script || !only_prepares(preparation.conversion.file.facts(), *step.script)) return place;
  return Placer(preparation, step, placement).place(place);
}

}  // namespace dockhew::inline stages
