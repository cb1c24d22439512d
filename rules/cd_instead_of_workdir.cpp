// Fires on `cd` at the beginning of a RUN, where WORKDIR would do the same. The fix is offered only where the new
// directory cannot leak into a later step because an absolute WORKDIR follows.
#include "edits/run_edits.hpp"
#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "model/site.hpp"
#include "text/utf8.hpp"

namespace dockhew::rules {
namespace {

// What follows in the stage sets its own working directory before anything depends on it.
bool followed_by_workdir(const Stage& stage, const Step& step) {
  for (const auto& later : stage.steps) {
    if (later.index <= step.index) continue;
    const auto& instruction = *later.instruction;
    if (instruction.keyword == Keyword::workdir)
      return !instruction.arguments.empty() && instruction.arguments[0].text.starts_with('/');
    const bool indifferent = instruction.keyword == Keyword::env || instruction.keyword == Keyword::label ||
                             instruction.keyword == Keyword::arg || instruction.keyword == Keyword::expose;
    if (!indifferent) return false;
  }
  return false;
}

bool is_plain_path(std::string_view path) {
  return path.starts_with('/') && path.find_first_of(" \"'$\\`*?[") == path.npos;
}

Fix as_workdir(const Site& site, const ShellCommand& cd) {
  Fix fix;
  fix.title = "use WORKDIR";
  fix.applicability = Applicability::safe;
  const auto& script = *site.step.script;
  if (cd.nested || site.step.instruction->json || script.from_heredoc)
    return decline(fix, "the command is inside a quoted string");
  if (cd.element != 0 || script.chain.empty() || !script.chain[0].simple || script.chain[0].joint != Joint::and_if)
    return decline(fix, "`cd` is not the first command of a chain");
  if (cd.words.size() != 2 || !is_plain_path(cd.words[1].raw))
    return decline(fix, "the path is not a plain absolute path");
  if (!followed_by_workdir(site.stage, site.step)) return decline(fix, "the directory would also apply to later steps");
  for (const auto& mount : site.step.mounts)
    if (!mount.target.is_known()) return decline(fix, "the target of a mount is not known");
  if (!script.is_straight()) return decline(fix, "the commands are not a plain chain");
  const auto removed = remove_elements(site.file.document(), script, {0});
  if (!removed) return decline(fix, "the RUN would be left empty");
  const auto at = own_lines(site.file.document(), *site.step.instruction).begin;
  const bool lower = site.step.instruction->word == to_lower_ascii(site.step.instruction->word);
  fix.edits = *removed;
  fix.edits.push_back(
      {{at, at}, (lower ? "workdir " : "WORKDIR ") + cd.words[1].raw + std::string(site.file.document().newline())});
  return fix;
}

void check(const Dockerfile& file, Report& report) {
  for_each_script(file, [&](const Stage& stage, const Step& step) {
    for (const auto& command : step.script->commands) {
      if (command.name() != "cd" || command.words.size() < 2) continue;
      auto& finding =
          report.add(step.script->to_source(command.span),
                     "this `cd` applies to one RUN only; `WORKDIR` sets the directory for all later steps", {"DL3003"});
      finding.fixes.push_back(as_workdir({file, stage, step}, command));
    }
  });
}

}  // namespace

extern constinit const Rule cd_instead_of_workdir = {
    .id = "cd-instead-of-workdir",
    .aliases = {"DL3003"},
    .category = Category::style,
    .severity = Severity::info,
    .by_default = false,
    .summary = "`cd` is used where WORKDIR would do",
    .rationale =
        R"(A `cd` applies to one `RUN` only. When several of them begin with the same `cd`, a single `WORKDIR` is
shorter. It applies to all later steps, so the fix is offered only where an absolute `WORKDIR` follows.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
