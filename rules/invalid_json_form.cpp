// Fires on arguments that are meant as a JSON array and are none, so that the builder takes them for a command line,
// and the shell that runs it looks for a program of the name `[`.
#include <string>

#include "lint/rule.hpp"
#include "syntax/array_attempt.hpp"

namespace dockhew::rules {
namespace {

bool takes_array(Keyword keyword) {
  return keyword == Keyword::cmd || keyword == Keyword::entrypoint || keyword == Keyword::run ||
         keyword == Keyword::volume;
}

// `of_child`: it stands behind ONBUILD.
Fix as_array(const Instruction& instruction, const ArrayAttempt& attempt, bool of_child) {
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
  fix.edits = {{span, array + "]"}};
  return fix;
}

void check(const Dockerfile& file, Report& report) {
  const auto look_at = [&](const Instruction& instruction, bool of_child) {
    if (!takes_array(instruction.keyword) || instruction.json) return;
    const auto attempt = read_array_attempt(instruction.arguments_text.view());
    if (!attempt) return;
    const bool starts = instruction.keyword != Keyword::volume;
    auto& finding =
        report.add(instruction.head_span(), "this is not a JSON array, because " + attempt->fault + ", so " +
                                                (starts ? "a shell gets it as a command line, which fails"
                                                        : "the brackets and quotes are parts of the names"));
    finding.fixes.push_back(as_array(instruction, *attempt, of_child));
  };
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps) {
      look_at(*step.instruction, false);
      for (const auto& trigger : step.instruction->trigger) look_at(trigger, true);
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
the container ends at once. No builder says a word about it.)",
    .fix = Applicability::conditional,
    .check = check,
};

}  // namespace dockhew::rules
