// Fires on a CMD or ENTRYPOINT in shell form. The process is then a child of /bin/sh, which does not forward signals. A
// SHELL in the file shows that the shell is wanted.
#include <algorithm>
#include <string_view>

#include "effects/source_copy.hpp"
#include "lint/purpose.hpp"
#include "lint/rule.hpp"
#include "model/base_start.hpp"
#include "model/runs.hpp"
#include "stages/other_starts.hpp"
#include "syntax/arguments.hpp"
#include "syntax/array_attempt.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::rules {
namespace {

// A word without the quotes around it: `"a"` is `a`.
std::string_view without_quotes(std::string_view word) {
  const bool quoted = word.size() > 2 && (word[0] == '"' || word[0] == '\'') && word.back() == word[0];
  return quoted ? word.substr(1, word.size() - 2) : word;
}

// Words that mean the same with and without a shell. An `=` in the first makes it an assignment.
bool is_plain(std::string_view word, bool first) {
  return !word.empty() && !word.starts_with('=') && std::ranges::all_of(word, [&](char c) {
    return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') ||
           std::string_view(first ? "-_./:,@%+" : "-_./:,@%+=").find(c) != std::string_view::npos;
  });
}

// Commands that only a shell has.
bool is_builtin(std::string_view word) {
  constexpr std::string_view builtins[] = {
      ".",     ":",      "alias", "bg",   "break", "cd",     "command", "continue", "eval",   "exec",
      "exit",  "export", "fg",    "hash", "jobs",  "local",  "read",    "readonly", "return", "set",
      "shift", "source", "times", "trap", "type",  "ulimit", "umask",   "unalias",  "unset",  "wait"};
  return std::ranges::find(builtins, word) != std::end(builtins);
}

// A script of the context that the kernel does not start: it has no `#!`.
bool needs_shell_to_start(const Dockerfile& file, const Stage& stage, std::string_view program) {
  if (program.find('/') == program.npos || !stage.workdir.is_known()) return false;
  const auto path = file_in_context(file, stage, resolve_path(stage.workdir.text, program));
  const auto text = path ? file.context().read(*path) : std::nullopt;
  return text && !text->starts_with("#!");
}

// A script that is not read here, as one that a RUN puts into the image.
bool may_need_shell_to_start(const Dockerfile& file, const Stage& stage, std::string_view program) {
  if (!program.ends_with(".sh") || !stage.workdir.is_known()) return false;
  const auto path = file_in_context(file, stage, resolve_path(stage.workdir.text, program));
  return !path || !file.context().read(*path);
}

// `ENTRYPOINT ["/bin/bash", "-lc"]` of the base image: what follows the first word of CMD are parameters to it.
bool runs_one_word(const Dockerfile& file, const Stage& stage) {
  const auto* entrypoint = inherited_start(file, stage, Keyword::entrypoint);
  if (entrypoint == nullptr || entrypoint->size() < 2) return false;
  const auto& option = entrypoint->back();
  return path_basename(entrypoint->front()).ends_with("sh") && option.starts_with('-') && option.ends_with('c');
}

Fix json_form(const Dockerfile& file, const Stage& stage, const Instruction& instruction) {
  Fix fix;
  fix.title = "write the words as a JSON array";
  fix.applicability = Applicability::conditional;
  fix.changes = {std::string(keyword_name(instruction.keyword))};
  const auto text = instruction.arguments_text.view();
  const auto view = [&](Span word) { return text.substr(word.begin, word.size()); };
  const auto in_source = [&](Span word) { return instruction.arguments_text.to_source(word); };
  auto words = split_blanks(text);
  if (words.size() > 1 && view(words[0]) == "exec") {
    const Span gone{in_source(words[0]).begin, in_source(words[1]).begin};
    if (slice(file.source(), gone).find('#') != std::string_view::npos)
      return decline(fix, "there is a comment after `exec`");
    fix.edits.push_back({gone, ""});
    words.erase(words.begin());
  }
  if (words.empty()) return decline(fix, "there is no command");
  if (is_builtin(view(words[0]))) return decline(fix, "its command is a shell built-in");
  if (needs_shell_to_start(file, stage, view(words[0])))
    return decline(fix, "the script names no interpreter in its first line, so only a shell can start it");
  // Word by word, so that lines and the comments between them are kept.
  for (const auto& word : words) {
    const bool first = word == words.front(), last = word == words.back();
    const auto plain = without_quotes(view(word));
    if (!is_plain(plain, first)) return decline(fix, "the command needs a shell");
    fix.edits.push_back({in_source(word), (first ? "[\"" : "\"") + std::string(plain) + (last ? "\"]" : "\",")});
  }
  // The other instruction decides what its words mean.
  const auto other = instruction.keyword == Keyword::cmd ? Keyword::entrypoint : Keyword::cmd;
  if (last_step(file, stage, other) != nullptr) return decline(fix, "CMD and ENTRYPOINT would be combined differently");
  if (instruction.keyword == Keyword::cmd && runs_one_word(file, stage))
    return decline(fix, "the base image's ENTRYPOINT is a shell that runs one word, and would get several");
  if (may_need_shell_to_start(file, stage, view(words[0])))
    fix.assumptions.push_back({"interpreter-line", "the script names its interpreter in its first line (`#!/bin/sh`)"});
  fix.assumptions.push_back({"no-other-process", instruction.keyword == Keyword::cmd
                                                     ? "the base image has no ENTRYPOINT that treats a shell specially"
                                                     : "the container is started without extra arguments"});
  return fix;
}

bool sets_shell(const Dockerfile& file, const Stage& stage, std::size_t steps) {
  for (std::size_t i = 0; i < steps; ++i)
    if (stage.steps[i].instruction->keyword == Keyword::shell) return true;
  if (stage.parent) return sets_shell(file, file.stages()[*stage.parent], file.stages()[*stage.parent].steps.size());
  return stage.image && stage.image->resolved != nullptr && !stage.image->resolved->image.shell.empty();
}

// What the shell runs last and waits for, which could take its place: not in a pipeline, a branch or the background. Of
// `sh -c '…'` it is in the string.
const ShellCommand* last_command(const Script& script) {
  if (script.chain.empty() || !script.chain.back().simple || script.chain.back().joint == Joint::background)
    return nullptr;
  const ShellCommand* last = nullptr;
  for (const auto& command : script.commands)
    if (command.element + 1 == script.chain.size() && !command.words.empty() && (!last || command.nested))
      last = &command;
  return last && !last->conditional && !last->piped ? last : nullptr;
}

// `tail -f log`, `sleep infinity`, a shell for a person: they have no handler, so that as process 1 they do not end at
// SIGTERM either.
bool only_waits(const ShellCommand* last) {
  if (last == nullptr) return false;
  const bool shell = last->name() == "bash" || last->name() == "sh" || last->name() == "zsh" || last->name() == "ash";
  return last->name() == "tail" || last->name() == "sleep" || (shell && last->words.size() == 1);
}

// A script that is named after a task: `populate_db.py`, `seed.js`.
bool is_task(const ShellCommand& command) {
  constexpr std::string_view tasks[] = {"backup",     "download", "export",  "import", "migrate",
                                        "migrations", "populate", "restore", "seed",   "seeds"};
  constexpr std::string_view endings[] = {".js", ".mjs", ".php", ".py", ".rb", ".sh", ".ts"};
  return std::ranges::any_of(command.words, [&](const ShellWord& word) {
    const auto name = path_basename(word.raw);
    return std::ranges::any_of(endings, [&](std::string_view ending) { return name.ends_with(ending); }) &&
           std::ranges::any_of(tasks, [&](std::string_view task) { return find_name(name, task, "") != name.npos; });
  });
}

// Every command ends by itself, and the container with the last: nobody stops it.
bool ends_by_itself(const Facts& facts, const Script& script) {
  return !script.commands.empty() && std::ranges::all_of(script.commands, [&](const ShellCommand& command) {
    return !command.words.empty() && command.words[0].value.is_known() &&
           (facts.is_plain(command.name()) || facts.is_printing(command.name()) || is_task(command));
  });
}

// `while true; do …; done`: the shell has to stay.
bool is_loop(const Script& script) {
  if (script.chain.empty()) return false;
  const auto text = script.text.view(script.chain.back().span);
  return text.starts_with("while ") || text.starts_with("until ") || text.starts_with("for ");
}

// Whether /bin/sh lets the last command take its place by itself: BusyBox's always does, and bash where nothing comes
// before it (in lists since 5.1). Debian's dash never does. Seen with BusyBox 1.35, bash 5.2 and dash 0.5.12.
bool gives_way(const Stage& stage, const Script& script) {
  if (!stage.image) return false;
  const auto& distribution = stage.image->distribution;
  return distribution == "alpine" ||
         ((distribution == "redhat" || distribution == "fedora") && script.chain.size() == 1);
}

// `bash -c "./server & ./setup.sh"`: no one program is what gets the signal.
bool has_background(std::string_view text) {
  for (auto at = text.find('&'); at != text.npos; at = text.find('&', at + 1)) {
    const char before = at == 0 ? ' ' : text[at - 1], after = at + 1 < text.size() ? text[at + 1] : ' ';
    if (before != '&' && after != '&' && before != '>' && after != '>') return true;
  }
  return false;
}

void report_command(const Dockerfile& file, const Stage& stage, const Instruction& instruction, Report& report) {
  const auto& name = instruction.word;
  const bool is_plain_build = file.unsaid() == Unsaid::plain_build;
  auto& finding =
      report.add(instruction.head_span(),
                 "JSON arguments recommended for " + name + " to prevent unintended behavior related to OS signals",
                 {"JSONArgsRecommended", "DL3025"});
  if (!is_plain_build && is_for_development(report.options().path, stage)) finding.severity = Severity::off;
  const auto text = instruction.arguments_text.view();
  if (!is_plain_build && (runs_mounted_source(file, stage) || starts_development(text)))
    finding.severity = Severity::off;
  // An ENTRYPOINT in shell form ignores CMD, and is reported itself.
  const auto* entrypoint = last_step(file, stage, Keyword::entrypoint);
  if (!is_plain_build && instruction.keyword == Keyword::cmd && entrypoint != nullptr && !entrypoint->instruction->json)
    finding.severity = Severity::off;
  // `invalid-json-form` says what it is.
  if (!is_plain_build && read_array_attempt(text)) finding.severity = Severity::off;
  finding.fixes.push_back(json_form(file, stage, instruction));
  const auto nothing = [](std::string_view) { return Value::unknown(); };
  const auto script = parse_script(instruction.arguments_text, nothing, Value::unknown());
  const auto* last = last_command(script);
  if (!is_plain_build && last != nullptr && gives_way(stage, script)) finding.severity = Severity::off;
  if (!is_plain_build && has_background(text)) finding.severity = Severity::off;
  if (!is_plain_build && (only_waits(last) || ends_by_itself(file.facts(), script))) finding.severity = Severity::off;
  // BuildKit says no more than that, and of every command.
  if (!finding.fixes[0].edits.empty() || is_plain_build) return;
  const auto other = instruction.keyword == Keyword::cmd ? Keyword::entrypoint : Keyword::cmd;
  if (finding.severity == Severity::off || last_step(file, stage, other) != nullptr) return;
  if (instruction.keyword == Keyword::cmd && runs_one_word(file, stage)) return;
  if (last == nullptr && is_loop(script)) return void(finding.severity = Severity::off);
  if (last == nullptr) return;
  const auto is_exec = [](const ShellWord& word) { return word.raw == "exec"; };
  // Signals reach it already.
  if (!last->nested && std::ranges::any_of(last->wrappers, is_exec)) return void(finding.severity = Severity::off);
  if (!last->wrappers.empty()) return;
  const auto& program = last->words[0];
  if (!program.value.is_known() || program.raw != program.text() || is_builtin(program.text())) return;
  finding.message = "the shell that runs this does not pass the signal that stops the container on to `" +
                    program.text() + "`; start it with `exec`";
  const auto at = script.to_source(program.span).begin;
  Fix fix;
  fix.title = "start it with `exec`";
  if (last->nested) {
    fix.declined = "the command is inside a quoted string";
    finding.fixes[0] = std::move(fix);
    return;
  }
  fix.applicability = Applicability::conditional;
  fix.edits = {{{at, at}, "exec "}};
  fix.assumptions = {{"handles-signals", "`" + program.text() + "` is meant to get the signals"}};
  fix.changes = {std::string(keyword_name(instruction.keyword))};
  finding.fixes[0] = std::move(fix);
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages()) {
    for (std::size_t i = 0; i < stage.steps.size(); ++i) {
      const auto& instruction = *stage.steps[i].instruction;
      if (instruction.keyword != Keyword::cmd && instruction.keyword != Keyword::entrypoint) continue;
      if (!instruction.json && !sets_shell(file, stage, i)) report_command(file, stage, instruction, report);
    }
  }
}

}  // namespace

extern constinit const Rule shell_form_command = {
    .id = "shell-form-command",
    .aliases = {"JSONArgsRecommended", "DL3025"},
    .category = Category::correctness,
    .severity = Severity::warning,
    .summary = "a CMD or ENTRYPOINT in shell form",
    .rationale =
        R"(In shell form, the process is a child of `/bin/sh -c`. The shell is process 1 and does not forward the signal
that stops the container, so the process is killed after ten seconds instead of shutting down. Write the words as a JSON
array, or set `SHELL` to show that you want a shell.

Where the words need no shell (no variables, operators, quotes or built-in commands) the fix writes the array. Where they
do, it puts `exec` before the last command, which then takes the place of the shell; such a command is not reported,
except by `--select buildkit` and `--select hadolint`, nor a loop, whose shell has to stay, nor anything on Alpine, whose shell gives way by itself.
Nothing is reported in an image for development, by the name of the file or of the stage, where every Compose file that
builds the image mounts the source over its working directory, and where the command is a server for development, as
`npm run dev` is. Nor is a command that does not mind signals: `tail` and `sleep`, which as process 1 do not end at SIGTERM either, and commands that end by themselves,
as `cp` or a script of the name `populate_db.py`.)",
    .fix = Applicability::conditional,
    .check = check,
};

}  // namespace dockhew::rules
