// Fires on sudo in a RUN. The build runs as root unless USER says otherwise, and another USER can switch back.
#include <algorithm>
#include <string_view>

#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "model/user.hpp"

namespace dockhew::rules {
namespace {

bool is_sudo(const ShellWord& word) { return word.raw == "sudo" || word.raw == "/usr/bin/sudo"; }

// What `sudo` starts, without options that change nothing for root: to keep the environment, and to ask for nothing.
const ShellWord& after_sudo(const ShellCommand& command) {
  constexpr std::string_view plain[] = {"-E", "-En", "-n", "-nE", "--non-interactive", "--preserve-env"};
  std::size_t next = 1;
  while (next < command.wrappers.size() && std::ranges::find(plain, command.wrappers[next].raw) != std::end(plain))
    ++next;
  return next < command.wrappers.size() ? command.wrappers[next] : command.words[0];
}

Fix without_sudo(const Step& step, const ShellCommand& command, const ShellWord& sudo) {
  Fix fix;
  fix.title = "run the command itself";
  fix.applicability = Applicability::safe;
  const auto next = after_sudo(command);
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

// Whether nothing but the build can use the package of that name which a stage installs: no other user is set, and
// nothing says who may use it.
bool installs_in_vain(const Dockerfile& file) {
  bool installs = false, other_use = file.source().find("sudoers") != std::string_view::npos;
  for_each_script(file, [&](const Stage&, const Step& step) {
    other_use |= !is_root(step.user);
    for (const auto& command : step.script->commands)
      other_use |= std::ranges::any_of(command.wrappers, is_sudo) && may_be_needed(step, command);
    for (const auto& use : step.script->uses)
      installs |= use.tool->packages.of_system && use.action->kind == ActionKind::install &&
                  std::ranges::any_of(use.operands, [&](std::size_t i) { return is_sudo(use.command->words[i]); });
  });
  for (const auto& stage : file.stages()) other_use |= !stage.steps.empty() && !is_root(stage.steps.back().user);
  return installs && !other_use;
}

// Of a step of root.
std::string message_for_root(const Dockerfile& file) {
  return std::string("this runs as root already, so `sudo` does nothing; leave it out") +
         (installs_in_vain(file) ? ", and the package `sudo` too" : "");
}

void check(const Dockerfile& file, Report& report) {
  std::string for_root;
  for_each_script(file, [&](const Stage&, const Step& step) {
    for (const auto& command : step.script->commands) {
      const auto wrapper = std::ranges::find_if(command.wrappers, is_sudo);
      const auto* sudo = wrapper != command.wrappers.end()                     ? &*wrapper
                         : !command.words.empty() && is_sudo(command.words[0]) ? &command.words[0]
                                                                               : nullptr;
      if (sudo == nullptr || (command.nested && stands_outside(*step.script, *sudo))) continue;
      const bool needed = may_be_needed(step, command);
      if (!needed && for_root.empty()) for_root = message_for_root(file);
      auto& finding = report.add(
          step.script->to_source(sudo->span),
          needed ? "`sudo` is meant for interactive use; set the user of a step with `USER`" : for_root, {"DL3004"});
      finding.fixes.push_back(without_sudo(step, command, *sudo));
      if (needed) finding.severity = Severity::off;  // unless hadolint is asked
    }
  });
}

}  // namespace

extern constinit const Rule sudo_in_run = {
    .id = "sudo-in-run",
    .aliases = {"DL3004"},
    .category = Category::security,
    .severity = Severity::info,
    .once_in = OnceIn::habit,
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
