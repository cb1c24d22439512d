// Fires on a variable in FROM that is neither declared by an ARG before the first FROM nor a platform argument. It is
// always empty there, whatever `--build-arg` says.
#include <string_view>
#include <vector>

#include "buildkit/expanded_words.hpp"
#include "lint/rule.hpp"
#include "syntax/instruction_errors.hpp"

namespace dockhew::rules {
namespace {

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages()) {
    for (const auto& word : expanded_words_of_from(file, stage)) {
      for (const auto& name : word.undefined) {
        std::vector<std::string_view> declared;
        for (const auto& argument : file.global_arguments()) declared.push_back(argument.name);
        const auto suggestion = suggest(name, declared);
        report.add(word.span,
                   "FROM argument '" + name + "' is not declared" +
                       (suggestion.empty() ? "" : " (did you mean " + suggestion + "?)"),
                   {"UndefinedArgInFrom"});
      }
    }
  }
}

}  // namespace

extern constinit const Rule undeclared_argument_in_from = {
    .id = "undeclared-argument-in-from",
    .aliases = {"UndefinedArgInFrom"},
    .category = Category::correctness,
    .severity = Severity::warning,
    .summary = "FROM uses an argument that is not declared",
    .rationale =
        R"(FROM sees only arguments declared with `ARG` before the first FROM. Any other is empty, even if it is passed
with `--build-arg`. Declare it there, with a default.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
