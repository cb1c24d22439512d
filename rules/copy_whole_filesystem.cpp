// Fires on a COPY of the whole file system of another stage or image.
#include "lint/rule.hpp"
#include "model/runs.hpp"

namespace dockhew::rules {
namespace {

void check(const Dockerfile& file, Report& report) {
  for_each_copy(file, [&](const Stage&, const Step& step) {
    const auto& copy = *step.copy;
    if (copy.from_context() || copy.sources.size() != 1 || copy.sources[0].text != "/" || !copy.destination.is("/"))
      return;
    report.add(step.instruction->head_span(), "this copies a whole file system, without the image's configuration",
               {"DL3067"});
  });
}

}  // namespace

extern constinit const Rule copy_whole_filesystem = {
    .id = "copy-whole-filesystem",
    .aliases = {"DL3067"},
    .category = Category::size,
    .severity = Severity::warning,
    .by_default = false,
    .summary = "a whole file system is copied",
    .rationale =
        R"(`COPY --from=builder / /` puts everything into one layer, shares none of it with other images, and loses what
the other image configures: its environment, user, working directory and command. Some people do it on purpose to
flatten an image, so the rule is off by default.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
