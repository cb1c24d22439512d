// Fires on `--platform=linux/amd64` and the like: the image can then be built for one platform only. A stage named
// after its platform is assumed to be deliberate.
#include "buildkit/expanded_words.hpp"
#include "lint/rule.hpp"
#include "model/platform.hpp"
#include "text/utf8.hpp"

namespace dockhew::rules {
namespace {

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages()) {
    const auto* flag = stage.from->flag("platform");
    if (flag == nullptr) continue;
    const auto words = expanded_words_of_from(file, stage);
    if (words.size() < 2 || flag->value.find('$') != std::string::npos || !words[1].value.is_known()) continue;
    const auto platform = parse_platform(words[1].value.text);
    if (!platform.error.empty()) continue;
    if (stage.name.find(platform.os) != std::string::npos ||
        stage.name.find(platform.architecture) != std::string::npos)
      continue;
    auto& finding =
        report.add(flag->span, "FROM --platform flag should not use constant value " + go_quote(flag->value),
                   {"FromPlatformFlagConstDisallowed", "DL3029"});
    // A stage from which others only copy may well be of another platform. BuildKit does not ask.
    if (file.unsaid() == Unsaid::unknown && !file.ships(stage)) finding.severity = Severity::off;
  }
}

}  // namespace

extern constinit const Rule constant_platform = {
    .id = "constant-platform",
    .aliases = {"FromPlatformFlagConstDisallowed", "DL3029"},
    .category = Category::correctness,
    .severity = Severity::info,
    .summary = "a base image is fixed to one platform",
    .rationale =
        R"(With a constant platform `docker build --platform linux/arm64` silently makes an amd64 image. Leave the flag
out, use `$BUILDPLATFORM` for tools that run during the build, or name the stage after its platform if you mean that
one.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
