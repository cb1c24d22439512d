// Fires on FROM lines whose image a registry does not have, or not for the platform of the stage. Only where the
// registry was asked: with --resolve.
#include "lint/rule.hpp"

namespace dockhew::rules {
namespace {

void check(const Dockerfile& file, Report& report) {
  if (!file.facts().resolved) return;
  for (const auto& stage : file.stages()) {
    if (stage.parent || stage.scratch || !stage.base.is_known() || stage.from->arguments.empty()) continue;
    // What the project builds itself is in no registry yet.
    if (file.context().origin().images.contains(stage.reference.name())) continue;
    const auto* answer = file.facts().resolved->find(stage.reference, stage.platform);
    if (answer == nullptr) continue;
    if (answer->found == Found::no_image)
      report.add(stage.from->arguments[0].span,
                 "`" + stage.base.text +
                     "` does not exist, and a build stops here unless the machine has it: " + answer->reason);
    else if (answer->found == Found::no_platform)
      report.add(stage.from->arguments[0].span,
                 "`" + stage.base.text + "` cannot be built on for this platform: " + answer->reason);
  }
}

}  // namespace

extern constinit const Rule missing_base_image = {
    .id = "missing-base-image",
    .category = Category::correctness,
    .severity = Severity::error,
    .stops_build = true,
    .summary = "a registry does not have a base image, or not for the platform",
    .rationale =
        R"(The build stops at such a FROM. The tag may be misspelt, or it was taken away: names of releases that are no
longer supported often are. An index that lacks a platform has the image, but not for the machines that this stage is for; name
another with `--platform`, or an image that has it.

An image that was only built on the machine is in no registry. Names without a registry or an owner that Docker Hub does not have are
such images, and those that a Compose file, a script or a workflow of the project builds; they are not reported.

The rule is silent unless registries are asked (`--resolve`), and where the registry wants a login, because then nobody can say
whether the image is there.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
