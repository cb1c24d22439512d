// Fires when the last USER of the image names root. Images without any USER are covered by `no-user`.
#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "model/user.hpp"

namespace dockhew::rules {
namespace {

void check(const Dockerfile& file, Report& report) {
  if (file.stages().empty()) return;
  const auto& stage = file.final_stage();
  if (!is_root(stage.user) || (stage.image && stage.image->windows)) return;
  if (const auto* user = last_step(file, stage, Keyword::user))
    report.add(user->instruction->span, "the last `USER` is root, so the container's processes run as root",
               {"DL3002"});
}

}  // namespace

extern constinit const Rule runs_as_root = {
    .id = "runs-as-root",
    .aliases = {"DL3002"},
    .category = Category::security,
    .severity = Severity::warning,
    .summary = "the container's processes run as root",
    .rationale = R"(A process that runs as root inside the container is root for the kernel too, so a flaw in it does
more damage. Create a user in the image and set it with `USER` before `CMD`, by number if the orchestrator checks
`runAsNonRoot`.

There is no fix, because the Dockerfile does not say which files that user must own.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
