#include "ecosystems/node/built_project.hpp"

#include <algorithm>
#include <set>
#include <span>
#include <utility>

#include "ecosystems/installation.hpp"
#include "ecosystems/node/typescript_outputs.hpp"
#include "edits/copy_line.hpp"
#include "effects/manifest_copy.hpp"
#include "model/context_path.hpp"
#include "model/runs.hpp"
#include "model/tool_use.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

bool has_other_flags(const Instruction& instruction) {
  return std::ranges::any_of(instruction.flags,
                             [](const auto& flag) { return flag.name != "chown" && flag.name != "from"; });
}

// `mkdir -p /app/node_modules`, `chown -R node:node /app`: what the other stage does in its own RUNs, or does not need.
bool prepares_directory(const BuiltProject& project, const ShellCommand& command) {
  if (command.name() != "mkdir" && command.name() != "chown") return false;
  bool is_owner = command.name() == "chown";
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    if (command.words[i].raw.starts_with('-') || std::exchange(is_owner, false)) continue;
    const auto path = path_of(command, command.words[i]);
    if (!path || (*path != project.directory && *path != project.directory + "/node_modules")) return false;
  }
  return true;
}

// Whether a RUN creates nothing in the project but `node_modules`: it installs, there or system-wide.
bool only_installs(const Dockerfile& file, const BuiltProject& project, const Step& step) {
  if (!step.script || !step.script->is_straight()) return false;
  const bool locked = file.context().exists(join_context_path(project.root, "package-lock.json"));
  return std::ranges::all_of(step.script->commands, [&](const ShellCommand& command) {
    if (prepares_directory(project, command)) return true;
    const auto* use = command.use;
    if (!use) return command.name() == "rm" && command.words.back().raw.starts_with("/var/");
    if (use->tool->packages.of_system) return true;
    return use->tool->id == "npm" && command.directory.is(project.directory) && installs_from_manifest(*use) &&
           (locked || command.has_word("ci"));
  });
}

// Whether the project's directory contains nothing but what its COPYs, its installation and its build put there.
bool holds_nothing_else(const Dockerfile& file, const BuiltProject& project) {
  const auto& stage = *project.stage;
  if (stage.parent || !stage.image) return false;
  bool copied = false;
  for (const auto& step : std::span(stage.steps).first(project.end)) {
    const auto keyword = step.instruction->keyword;
    if (keyword == Keyword::run && !copied && !only_installs(file, project, step)) return false;
    if (keyword == Keyword::workdir && step.workdir.is_unknown()) return false;
    if (keyword == Keyword::add) return false;
    if (!step.copy) continue;
    const auto& copy = *step.copy;
    if (!copy.destination.is_known() || !path_is_under(copy.destination.text, project.directory)) return false;
    const bool plain =
        copy.from_context() && !has_other_flags(*step.instruction) &&
        std::ranges::all_of(copy.sources, [&](const CopySource& s) { return s.text == slice(file.source(), s.span); });
    if (!plain) return false;
    copied |= !copies_only_manifests(file, copy);
  }
  return true;
}

// What the building stage has but the build context does not.
std::optional<std::set<std::string>> find_made(const Dockerfile& file, const BuiltProject& project) {
  const auto& ignore = file.context().ignore();
  // On a developer's machine they exist, and would be copied with the source.
  if (!ignore.excludes(join_context_path(project.root, "node_modules"))) return std::nullopt;
  std::set<std::string> made;
  for (const auto& script : project.scripts) {
    auto outputs = find_typescript_outputs(file.context(), project.root, script);
    if (!outputs) return std::nullopt;
    for (const auto& directory : outputs->directories)
      if (outputs->cleared && !ignore.excludes(join_context_path(project.root, directory))) return std::nullopt;
    made.merge(outputs->directories);
  }
  return made.empty() ? std::nullopt : std::optional(std::move(made));
}

bool is_whole(const BuiltProject& project, const Copy& copy) {
  return copy.sources.size() == 1 && copy.destination.is(project.directory) &&
         join_context_path(".", copy.sources[0].text) == project.root;
}

}  // namespace

std::optional<std::vector<std::string>> copies_of_built_project(const Dockerfile& file, const BuiltProject& project,
                                                                const Step& whole) {
  if (has_other_flags(*whole.instruction) || !holds_nothing_else(file, project)) return std::nullopt;
  const auto made = find_made(file, project);
  if (!made) return std::nullopt;
  auto destination = whole.copy->destination_text;
  while (destination.size() > 1 && destination.ends_with('/')) destination.pop_back();
  const auto place = [&](const std::string& below) { return below == "." ? destination : destination + '/' + below; };
  // Files copied from a stage keep their owners unless that COPY sets others.
  const auto owner_of = [&](const Instruction& instruction) {
    const auto* flag = whole.instruction->flag("chown");
    if (flag == nullptr) flag = instruction.flag("chown");
    return flag == nullptr ? std::string() : std::string(slice(file.source(), flag->span)) + ' ';
  };

  std::vector<std::optional<std::string>> lines;
  const auto steps = std::span(project.stage->steps).first(project.end);
  const bool all_at_once =
      std::ranges::any_of(steps, [&](const Step& step) { return step.copy && is_whole(project, *step.copy); });
  for (const auto& step : steps) {
    if (!step.copy || (all_at_once && copies_only_manifests(file, *step.copy))) continue;
    std::vector<std::string> sources;
    for (const auto& source : step.copy->sources) sources.push_back(source.text);
    const auto below = relative_path(project.directory, step.copy->destination.text);
    const bool directory = step.copy->sources.size() > 1 || (step.copy->directory && !is_whole(project, *step.copy));
    lines.push_back(copy_line(owner_of(*step.instruction), sources, place(below) + (directory ? "/" : "")));
  }
  for (const auto& directory : *made)
    lines.push_back(copy_line("--from=" + project.stage->name + ' ' + owner_of(*whole.instruction),
                              {project.directory + '/' + directory}, place(directory)));
  std::vector<std::string> written;
  for (auto& line : lines) {
    if (!line) return std::nullopt;
    written.push_back(std::move(*line));
  }
  return written;
}

}  // namespace dockhew::inline ecosystems
