// Fires on an installation or a build in a RUN that goes on whatever comes of it: the next command is behind a `;` or,
// in a heredoc, on a line of its own, and nothing has told the shell to stop. The RUN then succeeds if its last command
// does.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "edits/run_edits.hpp"
#include "effects/unix_effects.hpp"
#include "lint/rule.hpp"
#include "model/failure.hpp"
#include "model/last_steps.hpp"
#include "model/runs.hpp"

namespace dockhew::rules {
namespace {

// `SHELL ["/bin/bash", "-euo", "pipefail", "-c"]`
bool shell_stops(const std::vector<std::string>& shell) {
  return std::ranges::any_of(shell, [](std::string_view text) {
    return text == "errexit" || (text.size() > 1 && text[0] == '-' && text[1] != '-' && text.find('e') != text.npos);
  });
}

bool sets_errexit(const Script& script) {
  return std::ranges::any_of(script.chain, [&](const ChainElement& each) { return stops_on_failure(script, each); });
}

// An interpreter of its own, as `#!/bin/bash -e`, has rules of its own.
bool has_interpreter(const Script& script) { return script.text.view().starts_with("#!"); }

bool matters(const ToolUse& use) {
  const auto kind = use.action->kind;
  return kind == ActionKind::install || kind == ActionKind::fetch || kind == ActionKind::build;
}

// What comes last does nothing but give a status, as `exit 0` and `true`: somebody wants it so.
bool is_wanted(const Facts& facts, const Script& script) {
  const auto last = std::ranges::find(script.commands, script.chain.size() - 1, &ShellCommand::element);
  return last != script.commands.end() && facts.is_bystander(last->name()) &&
         (last->words.size() == 1 || (last->words.size() == 2 && last->words[1].raw == "0"));
}

// For each element of the chain, whether nobody looks at the status of the list of `&&` that it belongs to: another
// list follows. What stands before or behind `||` is meant to be able to fail.
std::vector<bool> unwatched_elements(const Script& script) {
  const auto& chain = script.chain;
  std::vector<bool> unwatched(chain.size());
  for (std::size_t begin = 0, end = 0; begin < chain.size(); begin = end) {
    bool alternative = false;
    for (end = begin;
         end + 1 < chain.size() && (chain[end].joint == Joint::and_if || chain[end].joint == Joint::or_if);)
      alternative |= chain[end++].joint == Joint::or_if;
    ++end;
    if (end == chain.size() || alternative || chain[end - 1].joint == Joint::background) continue;
    std::fill(unwatched.begin() + static_cast<std::ptrdiff_t>(begin),
              unwatched.begin() + static_cast<std::ptrdiff_t>(end), true);
  }
  return unwatched;
}

// `make install` and `./configure` belong to no tool of the tables. A download is only seen in a heredoc: what stands
// in one line with it mostly fails without it.
bool matters(const Facts& facts, const Script& script, const ShellCommand& command) {
  if (command.words.empty()) return false;
  if (command.use != nullptr) return matters(*command.use);
  constexpr std::string_view harmless[] = {"--help", "--version", "-n", "-q", "-v", "clean", "distclean", "mrproper"};
  const auto has = [&](std::string_view word) { return command.has_word(word); };
  if (std::ranges::any_of(harmless, has)) return false;
  const auto* row = facts.unix_command(command.name());
  if (row != nullptr && row->builds) return true;
  return script.from_heredoc && (command.name() == "curl" || command.name() == "wget");
}

// Whether somebody asks afterwards what became of it: `RC=$?`, `test -s a || exit 1`.
bool asks_for_status(const Facts& facts, const Script& script) {
  if (script.text.view().find("$?") != std::string_view::npos) return true;
  return script.from_heredoc && std::ranges::any_of(script.commands, [&](const ShellCommand& command) {
           return !command.words.empty() && has_operands(facts, command, {Operands::tested});
         });
}

const ShellCommand* ignored(const Facts& facts, const Script& script) {
  if (asks_for_status(facts, script)) return nullptr;
  const auto unwatched = unwatched_elements(script);
  const auto found = std::ranges::find_if(script.commands, [&](const ShellCommand& command) {
    return unwatched[command.element] && !command.conditional && !command.nested && !command.piped &&
           matters(facts, script, command);
  });
  return found == script.commands.end() ? nullptr : &*found;
}

void report_ignored(const Dockerfile& file, const Step& step, const Script& script, const ShellCommand& command,
                    Report& report) {
  auto& finding = report.add(script.to_source(command.span),
                             "if this fails, the RUN goes on, and it still succeeds if its last command does");
  Fix fix;
  fix.title = "stop at the first command that fails";
  fix.applicability = Applicability::conditional;
  if (!script.is_straight()) {
    fix.declined = "the commands of this RUN are not a plain chain";
  } else {
    fix.edits.push_back(prepend_command(file.document(), script, "set -e"));
    fix.assumptions = {{"commands-succeed", "every command of this RUN succeeds today"}};
    if (step.in_child) fix.changes = {"ONBUILD"};
  }
  finding.fixes.push_back(std::move(fix));
}

// The heredoc that a shell is given to read, and nothing else: `RUN bash <<EOF`, `RUN <<EOF bash -x`. Null where the
// shell stops by itself, or has other words.
const Heredoc* read_by_shell(const Step& step) {
  const auto& instruction = *step.instruction;
  if (instruction.heredocs.size() != 1 || step.script->chain.size() != 1 || step.script->commands.size() != 1)
    return nullptr;
  const auto& command = step.script->commands[0];
  constexpr std::string_view shells[] = {"ash", "bash", "dash", "sh"};
  if (command.words.empty() || std::ranges::find(shells, command.name()) == std::end(shells)) return nullptr;
  constexpr std::string_view options[] = {"-", "-l", "-s", "-u", "-x"};
  const bool plain = std::all_of(command.words.begin() + 1, command.words.end(), [&](const ShellWord& word) {
    return std::ranges::find(options, word.raw) != std::end(options);
  });
  return plain ? &instruction.heredocs[0] : nullptr;
}

void check_heredoc(const Dockerfile& file, const Stage& stage, const Step& step, Report& report) {
  const auto* heredoc = read_by_shell(step);
  if (heredoc == nullptr) return;
  const auto look = [&](std::string_view name) { return file.lookup(stage, step, name); };
  auto script = parse_script(LogicalText(slice(file.source(), heredoc->body), heredoc->body.begin), look, step.workdir);
  script.from_heredoc = true;
  find_tool_uses(file.facts(), script);
  if (script.opaque || script.chain.size() < 2 || is_wanted(file.facts(), script) || sets_errexit(script)) return;
  if (const auto* command = ignored(file.facts(), script)) report_ignored(file, step, script, *command, report);
}

void check(const Dockerfile& file, Report& report) {
  const auto shells = last_steps(file, Keyword::shell);
  for_each_script(file, [&](const Stage& stage, const Step& step) {
    const auto& script = *step.script;
    if (step.posix && !step.instruction->json) check_heredoc(file, stage, step, report);
    if (!step.posix || step.instruction->json || script.chain.size() < 2 || has_interpreter(script) ||
        is_wanted(file.facts(), script))
      return;
    const auto* command = ignored(file.facts(), script);
    if (command == nullptr || sets_errexit(script) ||
        shell_stops(shell_in_effect(stage, step.index, inherited(shells, stage))))
      return;
    report_ignored(file, step, script, *command, report);
  });
}

}  // namespace

extern constinit const Rule failure_ignored = {
    .id = "failure-ignored",
    .category = Category::correctness,
    .severity = Severity::warning,
    .summary = "a RUN that goes on after an installation or a build has failed",
    .rationale =
        R"(A shell runs the next command whatever came of the one before, unless they are joined by `&&` or the option `-e` is set.
The status of a RUN is that of its last command, so `pip install -r requirements.txt; rm -rf /tmp/x` builds an image
without the packages when PyPI cannot be reached, and that image is cached. The lines of a heredoc are joined in the
same way, also of one that a shell reads (`RUN <<EOF bash`): begin it with `set -e`.

What counts are installations and builds, of which `make` and `./configure` are some, and in a heredoc downloads, if another list of
commands follows.)",
    .fix = Applicability::conditional,
    .check = check,
};

}  // namespace dockhew::rules
