// Fires on a cache export of a multi-stage build that keeps the layers of the final stage alone. Where all work is done
// in that stage it has everything.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lint/build_file.hpp"
#include "lint/cache_export.hpp"
#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "text/position.hpp"
#include "text/utf8.hpp"

namespace dockhew::rules {
namespace {

// The first RUN that the final stage, or the target, needs from another one.
const Step* lost_run(const DeclaredBuild& build) {
  const auto& file = *build.dockerfile;
  if (file.stages().empty() || !file.document().errors().empty()) return nullptr;
  auto last = static_cast<std::uint32_t>(file.stages().size() - 1);
  if (!build.target.empty()) {
    const auto target = file.find_stage(to_lower_ascii(build.target), last + 1);
    if (!target) return nullptr;
    last = *target;
  }
  std::vector<bool> wanted(file.stages().size());
  wanted[last] = true;
  const auto needed = with_needed_stages(file, wanted);
  // What the final stage is built on is kept with it.
  const auto kept = chain_of(file, file.stages()[last]);
  for (const auto& stage : file.stages()) {
    if (!needed[stage.index] || std::ranges::find(kept, &stage) != kept.end()) continue;
    for (const auto& step : stage.steps)
      if (step.instruction->keyword == Keyword::run) return &step;
  }
  return nullptr;
}

Fix export_all(const SaidValue& entry) {
  Fix fix;
  fix.title = "export the layers of all stages";
  fix.applicability = Applicability::conditional;
  if (!entry.exact) {
    fix.declined = "the value is not written on one line as it is, or is shared with another build";
    return fix;
  }
  fix.assumptions = {{"cache-space", "there is room for the layers of all stages where the cache is kept"}};
  fix.edits.push_back({{entry.span.end, entry.span.end}, ",mode=max"});
  return fix;
}

void check(const BuildFile& file, Report& report) {
  constexpr std::size_t most_found = 50;  // builds; for each, lines of its Dockerfile are counted
  std::size_t found = 0;
  for (const auto& build : file.builds) {
    if (!build.dockerfile || std::ranges::none_of(build.cache_to, exports_final_stage_alone, &SaidValue::text))
      continue;
    const auto* run = lost_run(build);
    if (run == nullptr || ++found > most_found) continue;
    for (const auto& entry : build.cache_to) {
      if (!exports_final_stage_alone(entry.text)) continue;
      const auto line = LineIndex(build.dockerfile->source()).line(run->instruction->span.begin);
      const bool is_inline = cache_export_field(entry.text, "type") == "inline";
      auto& finding = report.add(
          entry.span,
          "this exports only the layers of the final stage, so a new machine runs the RUN in line " +
              std::to_string(line) + " of `" + build.path + "` again" +
              (is_inline ? "; an inline cache cannot have more, but `type=registry` with `mode=max` can" : ""));
      if (!is_inline) finding.fixes.push_back(export_all(entry));
    }
  }
}

}  // namespace

extern constinit const Rule partial_cache_export = {
    .id = "partial-cache-export",
    .category = Category::speed,
    .severity = Severity::warning,
    .optimizes = true,
    .summary = "a build exports the cache of its final stage only",
    .rationale =
        R"(Without `mode=max`, `cache_to` exports the layers of the final stage alone. In a multi-stage build the expensive steps
are in the other ones: whoever imports that cache compiles everything again. `mode=max` exports the layers of all stages,
which takes more time to upload and more space; `mode=min`, written out, says that this is what you want.)",
    .fix = Applicability::conditional,
    .check_builds = check,
};

}  // namespace dockhew::rules
