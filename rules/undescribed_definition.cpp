// Fires on an ARG or a named stage whose comment does not begin with its name. `docker build --call=outline` shows such
// comments as descriptions. BuildKit calls the check experimental.
#include <algorithm>
#include <string>
#include <vector>

#include "lint/rule.hpp"
#include "syntax/comments.hpp"
#include "text/utf8.hpp"

namespace dockhew::rules {
namespace {

std::vector<std::string> names_of(const Instruction& instruction) {
  std::vector<std::string> names;
  if (instruction.keyword == Keyword::arg)
    for (const auto& argument : instruction.arguments)
      names.push_back(argument.text.substr(0, argument.text.find('=')));
  if (instruction.keyword == Keyword::from && instruction.arguments.size() == 3)
    names.push_back(to_lower_ascii(instruction.arguments[2].text));
  return names;
}

void check(const Dockerfile& file, Report& report) {
  const auto comments = instruction_comments(file.document());
  for (std::size_t i = 0; i < file.instructions().size(); ++i) {
    const auto& instruction = file.instructions()[i];
    const auto names = names_of(instruction);
    if (names.empty() || comments[i].empty()) continue;
    const auto last = comments[i].back();
    if (std::ranges::find(names, last.substr(0, last.find(' '))) != names.end()) continue;
    report.add(instruction.keyword_span,
               "Comment for " + std::string(keyword_name(instruction.keyword)) + " should follow the format: `# " +
                   (names.size() > 1 ? "<arg_key>" : names[0]) + " <description>`",
               {"InvalidDefinitionDescription"});
  }
}

}  // namespace

extern constinit const Rule undescribed_definition = {
    .id = "undescribed-definition",
    .aliases = {"InvalidDefinitionDescription"},
    .category = Category::style,
    .severity = Severity::warning,
    .by_default = false,
    .summary = "a comment that describes an argument or stage without naming it",
    .rationale =
        R"(`docker build --call=outline` prints `# NAME what it is for` next to the argument or stage NAME. A comment in
another form is not shown.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
