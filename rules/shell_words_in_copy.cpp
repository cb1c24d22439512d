// Fires on a COPY or ADD that is written as a command of a shell: `COPY *.lock ./ 2>/dev/null || true`. The builder
// takes every word for a file.
#include <string>

#include "flow/shell_words.hpp"
#include "lint/rule.hpp"
#include "model/runs.hpp"

namespace dockhew::rules {
namespace {

void check(const Dockerfile& file, Report& report) {
  for_each_copy(file, [&](const Stage&, const Step& step) {
    if (const auto* source = find_shell_word(step))
      report.add(source->span, step.instruction->word + " is not run by a shell: `" + source->text +
                                   "` is taken for a file, and the build fails; a pattern that may match nothing "
                                   "(`package-lock.jso[n]`) copies a file that may be absent");
  });
}

}  // namespace

extern constinit const Rule shell_words_in_copy = {
    .id = "shell-words-in-copy",
    .category = Category::correctness,
    .severity = Severity::error,
    .summary = "a COPY is written as if a shell ran it",
    .rationale =
        R"(`COPY` and `ADD` are not commands, and no shell reads `2>/dev/null || true` behind them. The builder looks for files of these
names, does not find them, and stops; the last word becomes the destination.

To copy a file that may be absent, write a pattern that matches only its name, beside a file that is there:
`COPY package.json package-lock.jso[n] ./`.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
