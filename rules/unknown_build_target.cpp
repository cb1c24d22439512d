// Fires on a build in a Compose file or a workflow that stops at a stage which the Dockerfile does not have. A number
// may stand for a stage, and what another frontend makes of the file is not known.
#include <algorithm>
#include <vector>

#include "lint/build_file.hpp"
#include "lint/rule.hpp"
#include "syntax/instruction_errors.hpp"
#include "text/utf8.hpp"

namespace dockhew::rules {
namespace {

bool is_number(std::string_view text) { return text.find_first_not_of("0123456789") == text.npos; }

// The names of stages, if one may be missing among them: where a line cannot be read, it may be a FROM.
std::vector<std::string_view> stage_names(const Dockerfile& file) {
  std::vector<std::string_view> names;
  if (!file.document().errors().empty()) return names;
  for (const auto& stage : file.stages())
    if (!stage.name.empty()) names.push_back(stage.name);
  return names;
}

void check(const BuildFile& file, Report& report) {
  for (const auto& build : file.builds) {
    if (!build.dockerfile || build.dockerfile->stages().empty() || build.targets.empty()) continue;
    const auto& target = build.targets.front();
    const auto wanted = to_lower_ascii(target.text);
    const auto names = stage_names(*build.dockerfile);
    if (!build.dockerfile->document().errors().empty() || is_number(wanted) ||
        std::ranges::find(names, wanted) != names.end())
      continue;
    const auto meant = suggest(wanted, names);
    report.add(target.span, "there is no stage `" + target.text + "` in `" + build.path + "`, so this build stops" +
                                (meant.empty() ? "" : "; is `" + meant + "` meant?"));
  }
}

}  // namespace

extern constinit const Rule unknown_build_target = {
    .id = "unknown-build-target",
    .category = Category::correctness,
    .severity = Severity::error,
    .summary = "a build stops at a stage that the Dockerfile does not have",
    .rationale =
        R"(`target:` of a Compose service, or of docker/build-push-action, names the stage that is built. Where no FROM has
that name, the builder stops with "target stage could not be found". The name may have been changed in the Dockerfile
alone, or be misspelt.)",
    .fix = std::nullopt,
    .check_builds = check,
};

}  // namespace dockhew::rules
