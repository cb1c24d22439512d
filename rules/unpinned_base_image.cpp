// Fires on FROM lines whose image can change by itself: no tag, or the tag `latest`. An argument, which whoever
// builds is meant to set, and a stage name are not images.
#include "facts/official_images.hpp"
#include "lint/purpose.hpp"
#include "lint/rule.hpp"

namespace dockhew::rules {
namespace {

// An argument names the image or its version, and whoever builds is meant to set it: `FROM node:$VERSION`, `FROM
// $BASE`, but not `FROM $MIRROR/node`.
bool is_given_version(const Stage& stage) {
  const std::string_view word = stage.from->arguments[0].text;
  const auto slash = word.rfind('/');
  return word.substr(slash == word.npos ? 0 : slash).find('$') != word.npos;
}

// Distroless images have no tags of versions: their names have the release, `static-debian12`.
bool has_no_versions(const ImageReference& reference) { return reference.name().starts_with("gcr.io/distroless/"); }

void check(const Dockerfile& file, Report& report) {
  const bool newest = wants_newest(report.options().path);
  for (const auto& stage : file.stages()) {
    if (stage.parent || stage.scratch || !stage.base.is_known() || stage.from->arguments.empty()) continue;
    if (is_given_version(stage)) continue;
    const auto& reference = stage.reference;
    // OSS-Fuzz prescribes its images without a tag.
    if (reference.name().starts_with("gcr.io/oss-fuzz-base/")) continue;
    // What the project builds itself is as new as the project.
    if (!stage.image && file.context().origin().images.contains(reference.name())) continue;
    if (is_local_name(file.facts(), reference)) continue;
    if (!image_reference_error(stage.base.text).empty()) continue;
    const bool moves = reference.tag.empty() || reference.tag == "latest" || reference.tag.ends_with("-latest");
    if (!reference.digest.empty() || !moves) continue;
    if (has_no_versions(reference)) continue;
    const auto& word = stage.from->arguments[0];
    const auto what = reference.tag.empty()
                          ? "`" + stage.base.text + "` has no tag"
                          : "the tag `" + reference.tag + "` of `" + reference.name() + "` changes over time";
    auto& finding = report.add(word.span, what + ", so each build may start from a different image",
                               {reference.tag.empty() ? "DL3006" : "DL3007"});
    if (newest) finding.severity = Severity::off;  // unless hadolint is asked
  }
}

}  // namespace

extern constinit const Rule unpinned_base_image = {
    .id = "unpinned-base-image",
    .aliases = {"DL3006", "DL3007"},
    .category = Category::reproducibility,
    .severity = Severity::warning,
    .summary = "a base image has no version",
    .rationale = R"(Without a tag, or with `latest`, the same Dockerfile gives a different image tomorrow, and a build
that worked breaks without any change. Name a version, or a digest to be exact. An image that comes from a build argument
is not reported, nor one that a Compose file, a script or a workflow of the project builds under this name, nor a name
that Docker Hub does not have, such as `my-base`: such an image is built where the build runs. Nor are distroless images, which
have no tags of versions. A file named for the newest versions (`Dockerfile-latest`, `Dockerfile.nightly`,
`Dockerfile.edge`) is left alone.

There is no fix, because only you and the registry know which version is meant. `dockhew pin` asks the registry, and writes the
digest of what the name stands for now.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
