#include "stages/repeated_commands.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "effects/command_words.hpp"
#include "effects/environment.hpp"
#include "effects/unix_effects.hpp"
#include "model/image_directories.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew {
namespace {

bool is_in(std::string_view path, const std::vector<std::string>& directories) {
  return std::ranges::any_of(directories, [&](const std::string& directory) { return path_is_under(path, directory); });
}

// A part of the source or of its build output: `src/main.rs`, `target/release`, a dummy for one of them.
bool is_source(const std::string& path, const Value& project) {
  constexpr std::array<std::string_view, 10> parts = {"/src",    "/bin", "/benches",  "/examples", "/tests",
                                                      "/target", "/cmd", "/internal", "/pkg",      "/crates"};
  if (!project.is_known() || !path_is_under(path, project.text)) return false;
  const auto below = '/' + relative_path(project.text, path) + '/';
  return below.ends_with(".rs/") || below.ends_with(".go/") || std::ranges::any_of(parts, [&](std::string_view part) {
           return below.find(std::string(part) + '/') != below.npos;
         });
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
    const auto words = read_words(*facts.unix_command(command.name()), command);
    with_parents = effects.makes_directories && (words.has("-p") || words.has("--parents"));
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

}  // namespace

Outcome<std::vector<std::string>> find_repeated_commands(const Facts& facts, const Step& step,
                                                         const std::vector<Artifact>& artifacts) {
  std::vector<std::string> result;
  const auto& script = *step.script;
  std::vector<std::string> made_here;
  std::vector<std::string> changed_anywhere;
  for (const auto& command : script.commands)
    if (changes_owner_or_mode(facts, command))
      std::ranges::move(changed_by(facts, command), std::back_inserter(changed_anywhere));
  // What COPY copies, and the directories that it creates for it.
  const auto is_artifact = [&](const std::string& path) {
    return std::ranges::any_of(artifacts, [&](const Artifact& a) {
      return path_is_under(path, a.to) || (path_is_under(a.to, path) && !is_in(path, changed_anywhere));
    });
  };
  const auto declined = [&](const ShellCommand& command) {
    return Declined{"`" + first_words(script.text.view(command.span), 60) +
                    "` creates something for the image in a RUN that builds"};
  };
  for (const auto& command : script.commands) {
    const auto made = made_by(facts, command);
    const auto changed =
        changes_owner_or_mode(facts, command) ? changed_by(facts, command) : std::vector<std::string>();
    const bool makes = !made.known || std::ranges::any_of(made.paths, [&](const std::string& path) {
      return !is_artifact(path) && !path_is_under(path, "/etc/apt") && !path_is_under(path, "/tmp") &&
             !is_source(path, step.workdir);
    });
    // A path that is not created here refers to a file of the source or of the build, which the runtime stage gets from
    // there.
    const bool changes_made =
        std::ranges::any_of(changed, [&](const std::string& path) { return is_in(path, made_here); });
    if (!makes && !changes_made) continue;
    if (command.element >= script.chain.size()) return declined(command);
    const auto& element = script.chain[command.element];
    const bool plain = script.is_straight() && element.simple && !command.nested && !command.conditional &&
                       !command.piped && command.directory == step.workdir;
    const bool has_parents = made.with_parents || std::ranges::all_of(made.paths, [&](const std::string& path) {
                               const auto parent = path_parent(path);
                               return is_in_every_image(parent) || is_in(parent, made_here) || step.workdir.is(parent);
                             });
    // A variable set by the script itself is not set in another one.
    const auto text = script.text.view(element.span);
    const bool same_variables = text.find('$') == text.npos || std::ranges::none_of(script.commands, sets_variables);
    if (!same_variables || !plain || !made.known || !made.repeatable || !has_parents) return declined(command);
    made_here.insert(made_here.end(), made.paths.begin(), made.paths.end());
    // On one line, however the author broke it into lines.
    std::string joined;
    for (const auto& word : command.words) joined += (joined.empty() ? "" : " ") + word.raw;
    const bool words_only = command.redirects.empty() && command.wrappers.empty() && command.assignments.empty();
    result.push_back(words_only ? joined : std::string(text));
  }
  return result;
}

}  // namespace dockhew
