// Fires on FROM lines whose image is for another platform than the stage. Only where the registry was asked: with
// --resolve.
#include "lint/rule.hpp"
#include "model/platform.hpp"
#include "text/utf8.hpp"

namespace dockhew::rules {
namespace {

void check(const Dockerfile& file, Report& report) {
  if (!file.facts().resolved) return;
  for (const auto& stage : file.stages()) {
    if (stage.parent || stage.scratch || stage.from->arguments.empty()) continue;
    const auto* answer = file.facts().resolved->find(stage.reference, stage.platform);
    if (answer == nullptr || answer->found != Found::image) continue;
    const auto wanted = parse_platform(stage.platform), has = parse_platform(answer->image.platform);
    // As BuildKit compares them: an image that names another variant only is meant to run here.
    if (wanted.os == has.os && wanted.architecture == has.architecture) continue;
    report.add(stage.from->arguments[0].span,
               "Base image " + stage.base.text + " was pulled with platform " + go_quote(has.text()) + ", expected " +
                   go_quote(wanted.text()) + " for current build",
               {"InvalidBaseImagePlatform"});
  }
}

}  // namespace

extern constinit const Rule base_image_platform = {
    .id = "base-image-platform",
    .aliases = {"InvalidBaseImagePlatform"},
    .category = Category::correctness,
    .severity = Severity::warning,
    .summary = "a base image is for another platform than its stage",
    .rationale =
        R"(A name may stand for one image instead of several for different platforms. Builders take it whatever it is for, and
its programs then fail with `exec format error`, or run slowly under emulation. Say the platform that is meant with `--platform`, or
take an image that has yours.

The rule is silent unless registries are asked (`--resolve`). A stage without `--platform` is for linux/amd64.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
