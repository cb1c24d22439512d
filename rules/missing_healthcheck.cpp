// Fires on an image that starts a process but does not say how to check that it works.
#include <algorithm>

#include "lint/rule.hpp"
#include "model/runs.hpp"

namespace dockhew::rules {
namespace {

void check(const Dockerfile& file, Report& report) {
  if (file.stages().empty() || last_step(file, file.final_stage(), Keyword::healthcheck) != nullptr) return;
  const auto& stage = file.final_stage();
  report.add(stage.implicit ? Span{0, 0} : stage.from->span, "the image has no HEALTHCHECK", {"DL3057"});
}

}  // namespace

extern constinit const Rule missing_healthcheck = {
    .id = "missing-healthcheck",
    .aliases = {"DL3057"},
    .category = Category::correctness,
    .severity = Severity::info,
    .by_default = false,
    .summary = "the image has no HEALTHCHECK",
    .rationale =
        R"(Docker marks a container whose check fails as unhealthy, and Swarm replaces it. Kubernetes ignores the check
and has its own probes in the manifest, so the rule is off by default. `HEALTHCHECK NONE` states that no check is
wanted.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
