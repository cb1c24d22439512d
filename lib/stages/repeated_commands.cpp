#include "stages/repeated_commands.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "ecosystems/runtime.hpp"
#include "effects/accounts.hpp"
#include "effects/command_words.hpp"
#include "effects/environment.hpp"
#include "effects/unix_effects.hpp"
#include "model/image_directories.hpp"
#include "stages/directory_owner.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline stages {
namespace {

bool is_in(std::string_view path, const std::vector<std::string>& directories) {
  return std::ranges::any_of(directories, [&](const std::string& directory) { return path_is_under(path, directory); });
}

// What a command creates; nothing if it creates nothing itself, or if its words do not show it.
struct Made {
  std::vector<std::string> paths;
  bool known = true;
  bool repeatable = true;
  bool with_parents = false;
};

std::vector<std::string> places_of(const AffectedPaths& affected) {
  std::vector<std::string> places;
  for (const auto& each : affected.paths) places.push_back(each.path);
  return places;
}

// Its redirections alone.
AffectedPaths redirected_by(const ShellCommand& command) {
  Effects effects;
  add_surroundings(effects, command);
  std::erase_if(effects.writes.paths, [](const AffectedPath& file) { return file.path.starts_with("/dev/"); });
  return std::move(effects.writes);
}

// `echo text`: what it prints does not depend on the files of the builder.
bool reads_nothing(const Facts& facts, const ShellCommand& command) {
  return facts.is_plain(command.name()) && has_operands(facts, command, {Operands::none});
}

// What is copied or moved is an artifact of its own.
Made made_by(const Facts& facts, const ShellCommand& command) {
  auto written = redirected_by(command);
  // The output of another command is not available to a command in the runtime stage.
  const bool repeatable = written.paths.empty() || reads_nothing(facts, command);
  const bool makes =
      facts.is_plain(command.name()) && has_operands(facts, command, {Operands::written, Operands::linked});
  bool with_parents = false;
  if (makes) {
    const auto effects = unix_effects(facts, command);
    with_parents = effects.makes_directories && makes_parents(facts, command);
    written.add(effects.writes);
  }
  const bool is_fed = std::ranges::any_of(
      command.redirects, [](const ShellRedirect& redirect) { return redirect.operation.starts_with('<'); });
  return {places_of(written), !written.may_be_anywhere(), repeatable && !is_fed, with_parents};
}

bool changes_owner_or_mode(const Facts& facts, const ShellCommand& command) {
  return has_operands(facts, command, {Operands::moded, Operands::owned});
}

std::vector<std::string> changed_by(const Facts& facts, const ShellCommand& command) {
  const auto effects = unix_effects(facts, command);
  auto paths = places_of(effects.modes);
  std::ranges::move(places_of(effects.owners), std::back_inserter(paths));
  return paths;
}

// Other changes of files that are there: `sed -i`, `rm`.
std::vector<std::string> altered_by(const Facts& facts, const ShellCommand& command) {
  if (!has_operands(facts, command, {Operands::changed, Operands::removed})) return {};
  const auto effects = unix_effects(facts, command);
  auto paths = places_of(effects.changes);
  std::ranges::move(places_of(effects.removes), std::back_inserter(paths));
  return paths;
}

class Finder {
 public:
  Finder(const Facts& facts, const Runtime& runtime, const Step& step, const std::vector<Artifact>& artifacts,
         const RuntimePlaces& places)
      : facts_(facts), runtime_(runtime), step_(step), script_(*step.script), artifacts_(artifacts), places_(places) {
    for (const auto& command : script_.commands)
      if (changes_owner_or_mode(facts, command))
        std::ranges::move(changed_by(facts, command), std::back_inserter(changed_anywhere_));
  }

  Outcome<RepeatedCommands> find() {
    for (const auto& command : script_.commands)
      if (auto obstacle = look_at(command)) return *obstacle;
    return std::move(result_);
  }

 private:
  // What COPY copies, and the directories that it creates for it.
  bool is_artifact(const std::string& path) const {
    return comes_with_artifact(path) || std::ranges::any_of(artifacts_, [&](const Artifact& a) {
             return path_is_under(a.to, path) && !is_in(path, changed_anywhere_);
           });
  }
  bool comes_with_artifact(const std::string& path) const {
    return std::ranges::any_of(artifacts_, [&](const Artifact& a) { return path_is_under(path, a.to); });
  }
  // Of a path that is neither created here nor the runtime stage's own, the runtime stage gets what it needs of the
  // source or of the build, as it is then.
  bool matters(const std::string& path, bool recursive) const {
    return is_in(path, made_here_) || (!comes_with_artifact(path) && places_.has(path, recursive));
  }

  // `rm -rf node_modules`: what the source has brought there must be gone before the artifact is copied over it.
  bool clears_place(const ShellCommand& command) const {
    if (!has_operands(facts_, command, {Operands::removed})) return false;
    return std::ranges::any_of(places_of(unix_effects(facts_, command).removes), [&](const std::string& path) {
      const auto is_of = [&](const Artifact& artifact) { return path_is_under(artifact.to, path); };
      return is_in(path, places_.files) && std::ranges::any_of(artifacts_, is_of);
    });
  }

  // `mkdir build && cd build && cmake ..`: a directory for the build.
  bool is_built_in(const std::string& path) const {
    return std::ranges::any_of(script_.commands, [&](const ShellCommand& command) {
      return part_of_command(runtime_, command) && command.directory.is_known() &&
             path_is_under(command.directory.text, path) && !path_is_under(step_.workdir.text, path);
    });
  }

  Obstacle look_at(const ShellCommand& command) {
    if (creates_accounts(facts_, command)) {
      if (!can_be_repeated(command, {}))
        return Declined{"`" + first_words(script_.text.view(command.span), 60) +
                        "` creates users in a RUN that builds"};
      repeat(command);
      return std::nullopt;
    }
    const auto made = made_by(facts_, command);
    const bool gives = changes_owner_or_mode(facts_, command);
    const auto changed = gives ? changed_by(facts_, command) : std::vector<std::string>();
    const bool makes = !made.known || std::ranges::any_of(made.paths, [&](const std::string& path) {
      return !is_artifact(path) && !path_is_under(path, "/etc/apt") && !path_is_under(path, "/tmp") &&
             !is_part_of_source(path, step_.workdir) && !is_built_in(path);
    });
    const bool changes =
        std::ranges::any_of(changed, [&](const std::string& path) { return matters(path, is_recursive(command)); });
    const bool alters = std::ranges::any_of(altered_by(facts_, command), [&](const std::string& path) {
      return is_in(path, places_.files) && matters(path, false);
    });
    if (!makes && !changes && !alters && !clears_place(command)) return std::nullopt;
    if (!can_be_repeated(command, made))
      return Declined{"`" + first_words(script_.text.view(command.span), 60) + "` " + (makes ? "creates" : "changes") +
                      " something for the image in a RUN that builds"};
    made_here_.insert(made_here_.end(), made.paths.begin(), made.paths.end());
    result_.made.insert(result_.made.end(), made.paths.begin(), made.paths.end());
    repeat(command);
    if (gives)
      for (auto& owned : unix_effects(facts_, command).owners.paths)
        result_.owned.push_back({std::move(owned.path), std::move(owned.text), is_recursive(command)});
    return std::nullopt;
  }

  bool can_be_repeated(const ShellCommand& command, const Made& made) const {
    if (command.element >= script_.chain.size()) return false;
    const auto& element = script_.chain[command.element];
    const bool plain = script_.is_straight() && element.simple && !command.nested && !command.conditional &&
                       !command.piped && command.directory == step_.workdir;
    const bool has_parents =
        made.with_parents || std::ranges::all_of(made.paths, [&](const std::string& path) {
          const auto parent = path_parent(path);
          return is_in_every_image(parent) || is_in(parent, made_here_) || step_.workdir.is(parent);
        });
    // A variable set by the script itself is not set in another one.
    const auto text = script_.text.view(element.span);
    const bool same_variables = text.find('$') == text.npos || std::ranges::none_of(script_.commands, sets_variables);
    return same_variables && plain && made.known && made.repeatable && has_parents;
  }

  // On one line, however the author broke it into lines.
  void repeat(const ShellCommand& command) {
    std::string joined;
    for (const auto& word : command.words) joined += (joined.empty() ? "" : " ") + word.raw;
    const bool words_only = command.redirects.empty() && command.wrappers.empty() && command.assignments.empty();
    const auto text = script_.text.view(script_.chain[command.element].span);
    result_.commands.push_back(words_only ? joined : std::string(text));
  }

  const Facts& facts_;
  const Runtime& runtime_;
  const Step& step_;
  const Script& script_;
  const std::vector<Artifact>& artifacts_;
  const RuntimePlaces& places_;
  std::vector<std::string> changed_anywhere_;  // that get an owner or a mode in this RUN
  std::vector<std::string> made_here_;
  RepeatedCommands result_;
};

}  // namespace

bool is_part_of_source(const std::string& path, const Value& project) {
  constexpr std::array<std::string_view, 10> parts = {"/src",    "/bin", "/benches",  "/examples", "/tests",
                                                      "/target", "/cmd", "/internal", "/pkg",      "/crates"};
  if (!project.is_known() || !path_is_under(path, project.text)) return false;
  const auto below = '/' + relative_path(project.text, path) + '/';
  return below.ends_with(".rs/") || below.ends_with(".go/") || std::ranges::any_of(parts, [&](std::string_view part) {
           return below.find(std::string(part) + '/') != below.npos;
         });
}

Outcome<RepeatedCommands> find_repeated_commands(const Facts& facts, const Runtime& runtime, const Step& step,
                                                 const std::vector<Artifact>& artifacts, const RuntimePlaces& places) {
  return Finder(facts, runtime, step, artifacts, places).find();
}

}  // namespace dockhew::inline stages
