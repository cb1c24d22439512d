// Fires where a RUN removes what an earlier RUN of the image has made: the earlier layer keeps it, so the image gets no
// smaller. `apk del` in a RUN of its own is the usual case.
#include <algorithm>

#include "layers/late_removal.hpp"
#include "lint/rule.hpp"
#include "text/position.hpp"
#include "text/words.hpp"

namespace dockhew::rules {
namespace {

bool has_run_between(const Dockerfile& file, Span maker, Span remover) {
  return std::ranges::any_of(file.stages(), [&](const Stage& stage) {
    return std::ranges::any_of(stage.steps, [&](const Step& step) {
      const auto& span = step.instruction->span;
      return step.script && span.begin > maker.end && span.end < remover.begin;
    });
  });
}

void check(const Dockerfile& file, Report& report) {
  const LineIndex lines(file.source());
  for (const auto& [remover, maker] : find_removed_later(file))
    report.add(
        remover,
        "this removes what `" + first_words(slice(file.source(), maker), 40) + "` in line " +
            std::to_string(lines.line(maker.begin)) + " made, but the layer of that line keeps it; " +
            (has_run_between(file, maker, remover)
                 ? "remove it in the same RUN, or, if a RUN between needs it, build in a stage of its own and copy "
                   "the result"
                 : "remove it in the same RUN"));
}

}  // namespace

extern constinit const Rule removal_in_later_layer = {
    .id = "removal-in-later-layer",
    .category = Category::size,
    .severity = Severity::warning,
    .summary = "a RUN removes what an earlier layer keeps",
    .rationale =
        R"(A layer cannot take anything out of the layers below it. `apk del`, `apt-get purge`, `npm prune` or `rm`
in a RUN of its own hides the files, and the image even grows a little. To make it smaller, remove them in the RUN that
makes them, or build in a separate stage and copy only what is needed.

Silent for small files, for caches (other rules speak of these), and in stages that are not shipped. There is no fix: other
commands in between may need what is removed.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
