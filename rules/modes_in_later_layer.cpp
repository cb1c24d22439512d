// Fires where a RUN gives a directory other modes after another stage's results or a package manager's packages have
// come into it: the layer of the RUN holds all of it once more, even what has these modes already. The fix sets them in
// the RUN that installs, where that is the one before.
#include <algorithm>
#include <string>

#include "edits/run_edits.hpp"
#include "layers/late_ownership.hpp"
#include "lint/rule.hpp"
#include "text/path.hpp"
#include "text/position.hpp"

namespace dockhew::rules {
namespace {

// Whether a command behind a script runs as it does in a RUN of its own: no other directory, no other variables, and
// the script comes to its end.
bool leaves_shell_alone(const Facts& facts, const Script& script) {
  return std::ranges::all_of(script.commands, [&](const ShellCommand& command) {
    if (command.words.empty()) return false;  // `A=b`
    const auto* row = facts.unix_command(command.name());
    const bool ends = command.name() == "exit" ||
                      std::ranges::any_of(command.wrappers, [](const ShellWord& word) { return word.raw == "exec"; });
    return !ends && (row == nullptr || !row->shell);
  });
}

Fix into_maker(const Dockerfile& file, const LateOwnership& late) {
  const auto& maker = *late.maker;
  const auto& run = *late.run;
  Fix fix;
  fix.title = "set the modes in the RUN that makes the files";
  if (!maker.script) return decline(fix, "COPY gives one mode to directories and files alike, and `chmod` may not");
  if (run.script->commands.size() != 1 || run.script->chain.size() != 1)
    return decline(fix, "its RUN does more than that");
  if (run.index != maker.index + 1) return decline(fix, "something comes in between, which may be meant as well");
  const auto in_mount = [&](const Mount& mount) {
    return !mount.target.is_known() || path_is_under(mount.target.text, late.owned.path) ||
           path_is_under(late.owned.path, mount.target.text);
  };
  if (!run.instruction->flags.empty() || std::ranges::any_of(maker.mounts, in_mount))
    return decline(fix, "one of the two has mounts or other flags that the other has not");
  if (maker.instruction->json || run.instruction->json || maker.script->from_heredoc || run.script->from_heredoc ||
      !can_be_framed(*maker.script))
    return decline(fix, "the commands of the other RUN are not a plain chain");
  if (!leaves_shell_alone(file.facts(), *maker.script))
    return decline(fix, "the other RUN changes its directory or its variables, or may end before");
  auto removed = remove_instruction(file.document(), *run.instruction);
  if (!removed) return decline(fix, "there is a comment between its lines");
  fix.applicability = Applicability::safe;
  fix.edits = {append_command(file.document(), *maker.script, std::string(run.script->text.view(late.command->span))),
               std::move(*removed)};
  return fix;
}

void check(const Dockerfile& file, Report& report) {
  const LineIndex lines(file.source());
  for (const auto& late : find_late_modes(file)) {
    const auto line = std::to_string(lines.line(late.maker->instruction->span.begin));
    const bool copied = late.maker->copy.has_value();
    auto& finding =
        report.add(late.run->script->to_source(late.command->span),
                   "`chmod` stores `" + late.owned.path + "` once more, with all that line " + line + " has " +
                       (copied ? "copied into it; let COPY set the mode with `--chmod`, or do it in the stage before"
                               : "installed; do it in that RUN, or give it only the files that need it"));
    finding.fixes.push_back(into_maker(file, late));
  }
}

}  // namespace

extern constinit const Rule modes_in_later_layer = {
    .id = "modes-in-later-layer",
    .category = Category::size,
    .severity = Severity::info,
    .optimizes = true,
    .summary = "chmod -R stores a second time what earlier layers hold",
    .rationale =
        R"(A layer holds whole files, so `chmod -R` puts everything that it touches into its own layer once more, even where
the modes stay the same. Where that is a virtual environment, `node_modules` or a program from another stage, the image grows by
as much.

Where the RUN before is the one that installs, the fix appends the command to it. COPY has `--chmod`, which gives one mode to files
and directories alike, so that is left to you. Often it is enough to change what the program writes to, or what is to be executed.

Silent about source that comes from the build context, which is small, and in stages that are not shipped.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
