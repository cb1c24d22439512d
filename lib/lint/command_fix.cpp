#include "lint/command_fix.hpp"

#include "edits/run_edits.hpp"

namespace dockhew::inline lint {
namespace {

bool has_place(const Step& step, const ShellCommand& command) { return !command.nested && !step.instruction->json; }

Fix edit_of(const Step& step, const ShellCommand& command, Span span, const std::string& text, std::string title,
            Applicability applicability) {
  Fix fix;
  fix.title = std::move(title);
  fix.applicability = applicability;
  if (has_place(step, command)) fix.edits.push_back({step.script->to_source(span), text});
  else fix.declined = "the command is inside a quoted string";
  if (step.in_child) fix.changes = {"ONBUILD"};
  return fix;
}

}  // namespace

Fix insert_after(const Step& step, const ShellCommand& command, const ShellWord& word, const std::string& inserted,
                 std::string title, Applicability applicability) {
  auto fix = edit_of(step, command, word.span, "", std::move(title), applicability);
  for (auto& edit : fix.edits) edit = {{edit.span.end, edit.span.end}, ' ' + inserted};
  return fix;
}

Fix replace_word(const Step& step, const ShellCommand& command, const ShellWord& word, const std::string& replacement,
                 std::string title, Applicability applicability) {
  return edit_of(step, command, word.span, replacement, std::move(title), applicability);
}

Fix run_at_end(const Dockerfile& file, const Step& step, const std::string& added, std::string title,
               Applicability applicability) {
  Fix fix;
  fix.title = std::move(title);
  fix.applicability = applicability;
  const auto& script = *step.script;
  const bool chained = script.is_straight() && !script.chain.empty() && !step.instruction->json;
  if (chained) fix.edits.push_back(append_command(file.document(), script, added));
  else fix.declined = "the commands of this RUN are not a plain chain";
  if (step.in_child) fix.changes = {"ONBUILD"};
  return fix;
}

}  // namespace dockhew::inline lint
