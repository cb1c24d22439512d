// Fires on sudo in a RUN. The build runs as root unless USER says otherwise, and another USER can switch back.
#include <algorithm>
#include <string_view>

#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "model/user.hpp"

namespace dockhew::rules {
namespace {

Fix without_sudo(const Step& step, const ShellCommand& command, const ShellWord& sudo) {
  Fix fix;
  fix.title = "run the command itself";
  fix.applicability = Applicability::safe;
  const auto next = command.wrappers.size() > 1 ? command.wrappers[1] : command.words[0];
  if (!is_root(step.user)) fix.declined = "it is not known whether this step runs as root";
  else if (command.nested || step.instruction->json) fix.declined = "the command is inside a quoted string";
  else if (command.wrappers.empty() || &sudo != &command.wrappers[0] || next.raw.starts_with('-') ||
           next.raw.find('=') != std::string::npos)
    fix.declined = "its options change how the command runs";
  else fix.edits.push_back({step.script->to_source(Span{sudo.span.begin, next.span.begin}), ""});
  if (step.in_child) fix.changes = {"ONBUILD"};
  return fix;
}

// Where the step does not run as root, as far as is known, or where the command gets another user (`sudo -u app`).
bool may_be_needed(const Step& step, const ShellCommand& command) {
  constexpr std::string_view options[] = {"-u", "--user", "-H", "-i", "--login"};
  return !is_root(step.user) || std::ranges::any_of(command.wrappers, [&](const ShellWord& word) {
    return std::ranges::any_of(options, [&](std::string_view option) { return word.raw.starts_with(option); });
  });
}

// Whether this is the `sudo` of `sudo sh -c '…'`, which the commands in the string share with the shell.
bool stands_outside(const Script& script, const ShellWord& sudo) {
  return std::ranges::any_of(script.commands, [&](const ShellCommand& command) {
    return !command.nested &&
           std::ranges::any_of(command.wrappers, [&](const ShellWord& wrapper) { return wrapper.span == sudo.span; });
  });
}

void check(const Dockerfile& file, Report& report) {
  for_each_script(file, [&](const Stage&, const Step& step) {
    for (const auto& command : step.script->commands) {
      const auto is_sudo = [](const ShellWord& word) { return word.raw == "sudo" || word.raw == "/usr/bin/sudo"; };
      const auto wrapper = std::ranges::find_if(command.wrappers, is_sudo);
      const auto* sudo = wrapper != command.wrappers.end()                     ? &*wrapper
                         : !command.words.empty() && is_sudo(command.words[0]) ? &command.words[0]
                                                                               : nullptr;
      if (sudo == nullptr || (command.nested && stands_outside(*step.script, *sudo))) continue;
      auto& finding = report.add(step.script->to_source(sudo->span),
                                 "`sudo` is meant for interactive use; set the user of a step with `USER`", {"DL3004"});
      finding.fixes.push_back(without_sudo(step, command, *sudo));
      if (may_be_needed(step, command)) finding.severity = Severity::off;  // unless hadolint is asked
    }
  });
}

}  // namespace

extern constinit const Rule sudo_in_run = {
    .id = "sudo-in-run",
    .aliases = {"DL3004"},
    .category = Category::security,
    .severity = Severity::info,
    .summary = "`sudo` in a RUN",
    .rationale =
        R"(`sudo` has no terminal to prompt on, changes the environment, and must be installed, which gives anyone who
gets into the container a way to become root. Put `USER root` before the step and switch back to the other `USER` after
it.

If the step already runs as root, simply remove `sudo`. Where a step does not run as root, or `sudo` gives the command another user, only hadolint reports it.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
