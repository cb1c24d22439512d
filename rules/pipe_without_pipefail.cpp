// Fires on a pipeline in a RUN whose shell looks only at the last command: `curl … | tar x` succeeds when curl fails
// and tar accepts empty input.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "edits/run_edits.hpp"
#include "lint/rule.hpp"
#include "model/last_steps.hpp"
#include "model/runs.hpp"

namespace dockhew::rules {
namespace {

bool has_pipefail(std::string_view text) { return text.find("pipefail") != text.npos; }

bool knows_pipefail(std::string_view shell) {
  for (const auto known : {"bash", "zsh", "ash", "ksh", "busybox"})
    if (shell == known || shell.ends_with('/' + std::string(known))) return true;
  return false;
}

bool shell_has_pipefail(const std::vector<std::string>& shell) {
  return !shell.empty() && knows_pipefail(shell[0]) && std::ranges::any_of(shell, has_pipefail);
}

bool sets_pipefail(const Script& script) {
  return std::ranges::any_of(script.commands, [](const ShellCommand& command) {
    return (command.name() == "set" || command.name() == "shopt" || command.name() == "bash") &&
           std::ranges::any_of(command.words, [](const ShellWord& word) { return has_pipefail(word.raw); });
  });
}

// Commands that cannot fail, and whose failure says nothing.
bool matters(std::string_view name) { return !name.empty() && name != "yes" && name != "true"; }

const ShellNode* first_pipe(const Script& script) {
  for (const auto& node : script.shell.tree.nodes)
    if (node.kind == ShellKind::pipe) return &node;
  return nullptr;
}

void check(const Dockerfile& file, Report& report) {
  const auto shells = last_steps(file, Keyword::shell);
  for_each_script(file, [&](const Stage& stage, const Step& step) {
    if (!step.posix) return;
    const auto* pipe = first_pipe(*step.script);
    if (pipe == nullptr || sets_pipefail(*step.script)) return;
    const auto shell = shell_in_effect(stage, step.index, inherited(shells, stage));
    if (shell_has_pipefail(shell)) return;
    const auto first = std::ranges::find_if(step.script->commands, &ShellCommand::piped);
    if (first != step.script->commands.end() && !matters(first->name())) return;
    auto& finding = report.add(step.script->to_source(pipe->span()),
                               "a failure before this pipe goes unnoticed; set `pipefail` in the shell", {"DL4006"});
    Fix fix;
    fix.title = "set pipefail for this RUN";
    fix.applicability = Applicability::unsafe;
    const bool busybox = shell.empty() && stage.image && stage.image->distribution == "alpine";
    const bool bash = !shell.empty() && knows_pipefail(shell[0]);
    if (!busybox && !bash) fix.declined = "`sh` may not support pipefail here; set SHELL to Bash, if the image has it";
    else if (!step.script->is_straight() || step.script->chain.empty() || step.instruction->json)
      fix.declined = "the commands of this RUN are not a plain chain";
    else fix.edits.push_back(prepend_command(file.document(), *step.script, "set -o pipefail"));
    if (fix.declined.empty())
      fix.checklist.push_back(
          "a command that is cut off when the reader stops early, as with `head`, now fails the build");
    if (step.in_child) fix.changes = {"ONBUILD"};
    finding.fixes.push_back(std::move(fix));
  });
}

}  // namespace

extern constinit const Rule pipe_without_pipefail = {
    .id = "pipe-without-pipefail",
    .aliases = {"DL4006"},
    .category = Category::correctness,
    .severity = Severity::warning,
    .by_default = false,
    .summary = "a failure inside a pipeline goes unnoticed",
    .rationale =
        R"(A pipeline's status is that of its last command, unless the shell's option `pipefail` is set. Bash and
Alpine's `ash` support it: `SHELL ["/bin/bash", "-o", "pipefail", "-c"]`, or `set -o pipefail && …` in a single RUN.
Debian's `dash` supports it only since 0.5.13.

Programs that are stopped because the reader has finished then fail too, so the fix needs review.)",
    .fix = Applicability::unsafe,
    .check = check,
};

}  // namespace dockhew::rules
