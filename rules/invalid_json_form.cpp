// Fires on arguments that are meant as a JSON array and are none, so that the builder takes them for a command line,
// and the shell that runs it looks for a program of the name `[`.
#include <string>

#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "syntax/array_attempt.hpp"

namespace dockhew::rules {
namespace {

bool takes_array(Keyword keyword) {
  return keyword == Keyword::cmd || keyword == Keyword::entrypoint || keyword == Keyword::run ||
         keyword == Keyword::volume;
}

// `CMD exec python a.py "$PORT"`: a shell replaces the variable, and `exec` lets the program have the signals.
Fix as_command_line(const Dockerfile& file, const Stage& stage, const Instruction& instruction,
                    const ArrayAttempt& attempt, bool of_child) {
  Fix fix;
  fix.title = "write it as a command line for the shell, which replaces `" + attempt.variable + "`";
  const auto in_array = "nothing replaces `" + attempt.variable + "` in a JSON array";
  if (instruction.keyword != Keyword::cmd || of_child || last_step(file, stage, Keyword::entrypoint) != nullptr)
    return decline(fix, in_array);
  std::string line = "exec";
  for (const auto& word : attempt.words) {
    const bool is_variable = word.starts_with('$') && word.find_first_of("./:-=@%+~", 1) == word.npos;
    const bool is_plain =
        word.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./:,@%+=") == word.npos;
    if (word.empty() || (!is_variable && !is_plain) || (is_variable && line == "exec")) return decline(fix, in_array);
    line += is_variable ? " \"" + word + '"' : ' ' + word;
  }
  const auto text = instruction.arguments_text.view();
  const auto span = instruction.arguments_text.to_source({0, static_cast<std::uint32_t>(text.size())});
  if (!instruction.heredocs.empty() || span.size() != text.size()) return decline(fix, "it has more than one line");
  fix.applicability = Applicability::conditional;
  fix.assumptions = {{"set-in-container", "`" + attempt.variable + "` is set when the container starts"}};
  fix.changes = {std::string(keyword_name(instruction.keyword))};
  fix.edits = {{span, std::move(line)}};
  return fix;
}

// `of_child`: it stands behind ONBUILD.
Fix as_array(const Dockerfile& file, const Instruction& instruction, const ArrayAttempt& attempt, bool of_child) {
  Fix fix;
  fix.title = "write it as a JSON array";
  fix.applicability = Applicability::conditional;
  fix.assumptions = {{"meant-as-array", "the words are meant as a JSON array"}};
  fix.changes = {of_child ? "ONBUILD" : std::string(keyword_name(instruction.keyword))};
  const auto text = instruction.arguments_text.view();
  if (!instruction.heredocs.empty() || text.find('\n') != text.npos) return decline(fix, "it has more than one line");
  std::string array;
  for (const auto& word : attempt.words) array += (array.empty() ? "[\"" : ", \"") + word + '"';
  const auto span = instruction.arguments_text.to_source({0, static_cast<std::uint32_t>(text.size())});
  if (span.size() != text.size()) return decline(fix, "it has more than one line");
  const auto begin = instruction.span.begin;
  if (!attempt.comment.empty()) {
    if (of_child || (begin > 0 && file.source()[begin - 1] != '\n')) return decline(fix, "the comment has no place");
    fix.title += ", and the comment on a line of its own";
    fix.edits = {{{begin, begin}, attempt.comment + std::string(file.document().newline())}};
  }
  fix.edits.push_back({span, array + "]"});
  return fix;
}

void check(const Dockerfile& file, Report& report) {
  const auto look_at = [&](const Stage& stage, const Instruction& instruction, bool of_child) {
    if (!takes_array(instruction.keyword) || instruction.json) return;
    const auto attempt = read_array_attempt(instruction.arguments_text.view());
    if (!attempt) return;
    const bool starts = instruction.keyword != Keyword::volume;
    auto& finding =
        report.add(instruction.head_span(), "this is not a JSON array, because " + attempt->fault + ", so " +
                                                (starts ? "a shell gets it as a command line, which fails"
                                                        : "the brackets and quotes are parts of the names"));
    finding.fixes.push_back(attempt->variable.empty() ? as_array(file, instruction, *attempt, of_child)
                                                      : as_command_line(file, stage, instruction, *attempt, of_child));
  };
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps) {
      look_at(stage, *step.instruction, false);
      for (const auto& trigger : step.instruction->trigger) look_at(stage, trigger, true);
    }
}

}  // namespace

extern constinit const Rule invalid_json_form = {
    .id = "invalid-json-form",
    .category = Category::correctness,
    .severity = Severity::error,
    .summary = "arguments that are meant as a JSON array, and are none",
    .rationale = R"(The words of a JSON array have double quotes, and a comma between each two of them. Anything else is
a command line for the shell: of `CMD ['node', 'a.js']` it starts the program `[node,`, which does not exist, so
the container ends at once. No builder says a word about it. The same happens where a bracket or a quote is not
closed, and where a comment stands behind the array: it needs a line of its own.

Nor has a word without quotes a place in an array: `CMD ["/start", $PORT]` starts `[/start,`. A JSON array is not
given to a shell, so nothing would replace the variable in `"$PORT"` either; `CMD exec /start "$PORT"` does.)",
    .fix = Applicability::conditional,
    .check = check,
};

}  // namespace dockhew::rules
