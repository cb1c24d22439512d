// Fires where a RUN touches a large file that a COPY has brought: its layer holds the whole file once more, for nothing
// but another time. Old guides for Spring say `RUN sh -c 'touch /app.jar'`; the fix removes that.
#include <algorithm>
#include <string>
#include <string_view>

#include "edits/run_edits.hpp"
#include "effects/unix_effects.hpp"
#include "lint/rule.hpp"
#include "model/failure.hpp"
#include "model/site.hpp"
#include "model/start_command.hpp"
#include "text/path.hpp"
#include "text/position.hpp"

namespace dockhew::rules {
namespace {

bool is_archive(std::string_view path) {
  return path.ends_with(".jar") || path.ends_with(".war") || path.ends_with(".ear");
}

// Whether a source of a COPY becomes the file at a path of the image.
bool becomes(const Copy& copy, const CopySource& source, const std::string& path) {
  if (!source.known || source.heredoc || source.text.empty()) return false;
  const auto name = std::string(path_basename(source.text));
  const auto& to = copy.destination.text;
  if (copy.directory) return path_parent(path) == clean_path(to) && glob_match(name, path_basename(path));
  return to == path || (path_parent(path) == to && name == path_basename(path));
}

// The COPY before the site's step that brings the file; null where none is known to.
const Step* bringer_of(const Site& site, const std::string& path) {
  const Step* found = nullptr;
  for (const auto& step : site.earlier())
    if (step.copy && step.copy->destination.is_known() &&
        std::ranges::any_of(step.copy->sources, [&](const auto& each) { return becomes(*step.copy, each, path); }))
      found = &step;
  return found;
}

// What can be read of the context has at most 1 MiB. Archives with a program in them are larger.
bool is_large(const BuildContext& context, const Copy& copy, const std::string& path) {
  if (is_archive(path)) return true;
  if (!copy.from_context() || copy.sources.size() != 1 || !context.is_known()) return false;
  const auto source = clean_path("/" + copy.sources[0].text).substr(1);
  return context.kind(source) == PathKind::file && !context.read(source);
}

// Whether the image starts the file.
bool is_started(const Stage& stage, const std::string& path) {
  const auto [entrypoint, arguments] = find_start_instructions(stage);
  const auto names = [&](const Instruction* start) {
    return start != nullptr && start_text(*start).find(path_basename(path)) != std::string::npos;
  };
  return names(entrypoint) || names(arguments);
}

Fix without_touch(const Site& site, const ShellCommand& command, const std::string& path) {
  Fix fix;
  fix.title = "remove `touch`";
  const auto& script = *site.step.script;
  const auto& document = site.file.document();
  if (!is_archive(path) || !is_started(site.stage, path))
    return decline(fix, "what asks for the time at which the file was changed is not known");
  if (command.words.size() != 2) return decline(fix, "the command names more than this file");
  const auto is_other = [&](const ShellCommand& other) {
    return &other != &command && !other.words.empty() && !runs_read_commands(script, other);
  };
  if (std::ranges::none_of(script.commands, is_other)) {
    auto removal = remove_instruction(document, *site.step.instruction);
    if (!removal) return decline(fix, "a comment is inside the RUN");
    fix.edits = {*std::move(removal)};
  } else {
    auto removal = command.nested ? std::nullopt : remove_elements(document, script, {command.element});
    if (!removal) return decline(fix, "the command is tied to others");
    fix.edits = *std::move(removal);
  }
  fix.applicability = Applicability::conditional;
  fix.assumptions.push_back({"unread-time", "nothing needs `" + path + "` to be as new as the image"});
  return fix;
}

void check_command(const Site& site, const ShellCommand& command, const LineIndex& lines, Report& report) {
  if (command.use != nullptr || may_be_skipped(*site.step.script, command) || command.piped ||
      command.name() != "touch")
    return;
  for (const auto& written : unix_effects(site.file.facts(), command).writes.paths) {
    const auto* copying = bringer_of(site, written.path);
    if (copying == nullptr || !is_large(site.context(), *copying->copy, written.path)) continue;
    const auto place = command.nested ? site.step.instruction->head_span() : site.step.script->to_source(command.span);
    auto& finding = report.add(place, "`touch` stores `" + written.path + "` once more, which line " +
                                          std::to_string(lines.line(copying->instruction->span.begin)) +
                                          " has copied with the time that it has");
    finding.fixes.push_back(without_touch(site, command, written.path));
    return;
  }
}

void check(const Dockerfile& file, Report& report) {
  constexpr std::size_t most_commands = 20;  // for each, the steps before it are gone through
  std::size_t examined = 0;
  const LineIndex lines(file.source());
  for (const auto& stage : file.stages()) {
    if (!file.ships(stage)) continue;
    for (const auto& step : stage.steps) {
      if (!step.script || step.script->opaque) continue;
      for (const auto& command : step.script->commands)
        if (command.name() == "touch" && ++examined <= most_commands)
          check_command({file, stage, step}, command, lines, report);
    }
  }
}

}  // namespace

extern constinit const Rule touched_in_later_layer = {
    .id = "touched-in-later-layer",
    .category = Category::size,
    .severity = Severity::warning,
    .optimizes = true,
    .summary = "a RUN touches a large file, and stores it a second time",
    .rationale = R"(A layer holds whole files. `touch` changes nothing but the time of a file, and yet the layer of its
RUN has all of it again: an archive of 60 MB makes the image 60 MB larger. COPY takes the time of the file along, so that
`RUN sh -c 'touch /app.jar'`, which guides for Spring once recommended, gains nothing.

The fix removes the command where the file is an archive that the image starts. Small files (1 MiB) of the build context are
not reported.)",
    .fix = Applicability::conditional,
    .check = check,
};

}  // namespace dockhew::rules
