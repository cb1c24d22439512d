// Fires on `zypper dist-upgrade`: it moves the image to a release other than the one in its tag.
#include "lint/rule.hpp"
#include "model/runs.hpp"

namespace dockhew::rules {
namespace {

void check(const Dockerfile& file, Report& report) {
  for_each_script(file, [&](const Stage&, const Step& step) {
    for (const auto& command : step.script->commands)
      if (command.name() == "zypper")
        for (const auto& word : command.words)
          if (word.value.is("dist-upgrade") || word.value.is("dup"))
            report.add(step.script->to_source(word.span),
                       "this upgrades to whatever release is in the repositories; choose a newer base image",
                       {"DL3035"});
  });
}

}  // namespace

extern constinit const Rule distribution_upgrade = {
    .id = "distribution-upgrade",
    .aliases = {"DL3035"},
    .category = Category::reproducibility,
    .severity = Severity::warning,
    .summary = "a RUN upgrades the distribution",
    .rationale = R"(`zypper dist-upgrade` replaces the release named by the base image's tag, including vendor changes
and downgrades. Choose a newer base image instead; `zypper patch` brings security updates.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
