// Fires on a variable that nothing sets and no ARG of the stage declares, in the words that the builder expands. What
// an unknown base image may set does not count as undefined.
#include <string_view>
#include <vector>

#include "buildkit/expanded_words.hpp"
#include "lint/rule.hpp"
#include "model/site.hpp"
#include "syntax/instruction_errors.hpp"

namespace dockhew::rules {
namespace {

void check_step(const Site& site, Report& report) {
  std::vector<std::string_view> set;  // filled when it is needed
  for (const auto& word : expanded_words(site)) {
    for (const auto& name : word.undefined) {
      for (std::size_t i = set.empty() ? 0 : site.step.bindings; i < site.step.bindings; ++i)
        if (site.stage.environment[i].value.state != Value::State::undefined)
          set.push_back(site.stage.environment[i].name);
      const auto suggestion = suggest(name, set);
      report.add(word.span,
                 "Usage of undefined variable '$" + name + "'" +
                     (suggestion.empty() ? "" : " (did you mean $" + suggestion + "?)"),
                 {"UndefinedVar"});
    }
  }
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps) check_step({file, stage, step}, report);
}

}  // namespace

extern constinit const Rule undefined_variable = {
    .id = "undefined-variable",
    .aliases = {"UndefinedVar"},
    .category = Category::correctness,
    .severity = Severity::warning,
    .summary = "a variable is used that nothing sets",
    .rationale =
        R"(The builder replaces it with nothing and carries on: `COPY $app /` copies the whole context. Declare it with
`ARG`, set it with `ENV`, or escape the dollar sign if you mean the literal text. `HOME` is not set while an image is
built.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
