// Fires on FROM lines whose image can change by itself: no tag, or the tag `latest`. An argument, which whoever
// builds is meant to set, and a stage name are not images.
#include <cstdint>
#include <map>
#include <optional>

#include "facts/official_images.hpp"
#include "lint/purpose.hpp"
#include "lint/rule.hpp"
#include "registry/image_uses.hpp"

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
bool has_no_versions(const ImageReference& reference) { return !reference.distroless().empty(); }

// Where names of images stand in FROM, if a registry was asked about any.
std::map<std::uint32_t, ImageUse> names_in_from(const Dockerfile& file) {
  std::map<std::uint32_t, ImageUse> names;
  if (!file.facts().resolved || file.facts().resolved->empty()) return names;
  for (auto& use : image_uses(file))
    if (use.kind == UseKind::from && use.obstacle.empty()) names.emplace(use.place.begin, std::move(use));
  return names;
}

// The digest of what the registry has under this name now.
std::optional<Fix> pin(const Dockerfile& file, const Stage& stage, const std::map<std::uint32_t, ImageUse>& names) {
  const auto use = names.find(stage.from->arguments[0].span.begin);
  if (use == names.end()) return std::nullopt;
  const auto* answer = file.facts().resolved->find(stage.reference, stage.platform);
  if (answer == nullptr || answer->found != Found::image || answer->digest.empty()) return std::nullopt;
  Fix fix;
  fix.title = "write the digest of `" + stage.base.text + '`';
  fix.applicability = Applicability::conditional;
  fix.assumptions = {{"image-of-today", "what `" + stage.base.text + "` is today is what is meant"}};
  fix.edits = {with_digest(file.source(), use->second, answer->digest)};
  fix.changes = {"base image"};
  return fix;
}

void check(const Dockerfile& file, Report& report) {
  const auto names = names_in_from(file);
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
    if (auto fix = pin(file, stage, names)) finding.fixes.push_back(*std::move(fix));
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

Only you and the registry know which version is meant. With `--resolve` the fix writes the digest of what the name stands for
now; `dockhew pin` does so for all images.)",
    .fix = Applicability::conditional,
    .check = check,
};

}  // namespace dockhew::rules
