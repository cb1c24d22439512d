#include "stages/repeated_commands.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "model/image_directories.hpp"
#include "text/path.hpp"

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
};

Made made_by(const ShellCommand& command) {
  Made made;
  const auto& name = command.name();
  const auto add = [&](const ShellWord& word) {
    if (auto path = path_of(command, word)) made.paths.push_back(std::move(*path));
    else made.known = false;
  };
  const bool prints = name == "echo" || name == "printf";
  for (const auto& redirect : command.redirects) {
    const bool writes = redirect.operation.starts_with('>') || redirect.operation.starts_with("&>");
    if (writes && redirect.operation != ">&" && !redirect.target.raw.starts_with("/dev/")) add(redirect.target);
  }
  // The output of another command is not available to a command in the runtime stage.
  if (!made.paths.empty() && !prints) made.repeatable = false;
  std::vector<const ShellWord*> operands;
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    const auto& raw = command.words[i].raw;
    if (name == "mkdir" && (raw == "-m" || raw == "--mode")) ++i;
    else if (!raw.starts_with('-')) operands.push_back(&command.words[i]);
  }
  if (name == "tee") made.repeatable = false;
  if (name == "ln" && operands.size() == 2) add(*operands[1]);
  else if (name == "ln") made.known = false;
  if (name == "mkdir" || name == "touch" || name == "tee")
    for (const auto* operand : operands) add(*operand);
  return made;
}

bool changes_owner_or_mode(const ShellCommand& command) {
  return command.name() == "chown" || command.name() == "chmod" || command.name() == "chgrp";
}

// The operands of chown and chmod after the owner or the mode.
std::vector<std::string> changed_by(const ShellCommand& command) {
  std::vector<std::string> paths;
  bool first = true;
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    if (command.words[i].raw.starts_with('-')) continue;
    if (!std::exchange(first, false)) paths.push_back(path_of(command, command.words[i]).value_or(""));
  }
  return paths;
}

}  // namespace

Outcome<std::vector<std::string>> find_repeated_commands(const Step& step, const std::vector<Artifact>& artifacts) {
  std::vector<std::string> result;
  const auto& script = *step.script;
  std::vector<std::string> made_here;
  std::vector<std::string> changed_anywhere;
  for (const auto& command : script.commands)
    if (changes_owner_or_mode(command)) std::ranges::move(changed_by(command), std::back_inserter(changed_anywhere));
  // What COPY copies, and the directories that it creates for it.
  const auto is_artifact = [&](const std::string& path) {
    return std::ranges::any_of(artifacts, [&](const Artifact& a) {
      return path_is_under(path, a.to) || (path_is_under(a.to, path) && !is_in(path, changed_anywhere));
    });
  };
  const auto declined = [&](const ShellCommand& command) {
    return Declined{"`" + std::string(script.text.view(command.span)).substr(0, 60) +
                    "` creates something for the image in a RUN that builds"};
  };
  for (const auto& command : script.commands) {
    const auto made = made_by(command);
    const auto changed = changes_owner_or_mode(command) ? changed_by(command) : std::vector<std::string>();
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
    const bool with_parents = command.name() == "mkdir" && (command.has_word("-p") || command.has_word("--parents"));
    const bool has_parents = with_parents || std::ranges::all_of(made.paths, [&](const std::string& path) {
                               const auto parent = path_parent(path);
                               return is_in_every_image(parent) || is_in(parent, made_here) || step.workdir.is(parent);
                             });
    // A variable set by the script itself is not set in another one.
    const auto text = script.text.view(element.span);
    const bool same_variables =
        text.find('$') == text.npos || std::ranges::none_of(script.commands, [](const ShellCommand& other) {
          return other.words.empty() || other.name() == "export" || other.name() == "read";
        });
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
