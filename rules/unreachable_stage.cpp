// Fires on a stage that no build known of needs: the last stage and those that builds stop at are made without it.
#include <algorithm>
#include <utility>

#include "flow/project_words.hpp"
#include "lint/rule.hpp"
#include "lint/unbuilt.hpp"
#include "model/runs.hpp"

namespace dockhew::rules {
namespace {

// `docker build --target ocr .` in a README.
bool is_named_by_people(const Dockerfile& file, const Stage& stage) {
  if (stage.name.empty() || !file.context().is_known()) return false;
  return is_named_in_project(file.context(), "target " + stage.name) ||
         is_named_in_project(file.context(), "target=" + stage.name);
}

void check(const Dockerfile& file, Report& report) {
  auto built = built_stages(file);
  if (std::ranges::find(built, false) == built.end()) return;
  for (const auto& stage : file.stages())
    if (!built[stage.index] && is_named_by_people(file, stage)) built[stage.index] = true;
  built = with_needed_stages(file, std::move(built));
  for (const auto& stage : file.stages()) {
    // A stage with a name may be a target that somebody names by hand.
    const bool certain = stage.name.empty() || all_builds_known(file) || report.options().selected;
    if (built[stage.index] || stage.implicit || !certain) continue;
    report.add(stage.from->head_span(),
               stage.name.empty() ? std::string("nothing uses this stage")
                                  : "nothing uses the stage `" + stage.name + "`, and no build known of stops at it");
  }
}

}  // namespace

extern constinit const Rule unreachable_stage = {
    .id = "unreachable-stage",
    .category = Category::style,
    .severity = Severity::info,
    .summary = "a stage that nothing uses",
    .rationale =
        R"(BuildKit builds the last stage, or the one that `--target` names, and what these are made of. A stage that is
neither is skipped, and what it should have checked or made does not happen. Remove it, or take something from it.

One with a name may be a target that somebody names by hand (`docker build --target dev .`), so that is reported where
something in the repository builds the file, or where the rule is selected. Targets of Compose files, bake files, workflows, scripts
and guides in the repository are known. There is no fix.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
