// Fires on FROM lines whose image can change by itself: no tag, or the tag `latest`. An argument without a default and
// a stage name are not images.
#include "lint/rule.hpp"

namespace dockhew::rules {
namespace {

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages()) {
    if (stage.parent || stage.scratch || !stage.base.is_known() || stage.from->arguments.empty()) continue;
    const auto& reference = stage.reference;
    if (!image_reference_error(stage.base.text).empty()) continue;
    if (!reference.digest.empty() || (!reference.tag.empty() && reference.tag != "latest")) continue;
    const auto& word = stage.from->arguments[0];
    if (reference.tag.empty())
      report.add(word.span, "`" + stage.base.text + "` has no tag, so each build may start from a different image",
                 {"DL3006"});
    else
      report.add(word.span,
                 "the tag `latest` of `" + reference.name() +
                     "` changes over time, so each build may start from a different image",
                 {"DL3007"});
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
that worked breaks without any change. Name a version, or a digest to be exact.

There is no fix, because only you and the registry know which version is meant.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
