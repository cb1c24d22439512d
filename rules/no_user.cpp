// Fires when an image that starts a process sets no USER and its base image is known to run as root. It is off by
// default: many images need root, many get their user when they are run, and nothing in the file tells which.
#include "buildkit/image_configuration.hpp"
#include "lint/rule.hpp"
#include "model/user.hpp"

namespace dockhew::rules {
namespace {

void check(const Dockerfile& file, Report& report) {
  if (file.stages().empty()) return;
  const auto& stage = file.final_stage();
  if (!is_root(stage.user) || (stage.image && stage.image->windows)) return;
  const auto configuration = final_configuration(file);
  if (configuration.user.empty() && starts_process(configuration))
    report.add(stage.from->span, "no `USER` is set, so the container's processes run as root");
}

}  // namespace

extern constinit const Rule no_user = {
    .id = "no-user",
    .category = Category::security,
    .severity = Severity::info,
    .by_default = false,
    .summary = "the image does not set a user",
    .rationale = R"(Without `USER`, the container's processes run as the base image's user, which is usually root.
Select this rule if your policy requires an unprivileged user in every image; `runs-as-root` is about a `USER` that
names root.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
