// Fires on stages called `scratch` or `context`, which have a special meaning.
#include "lint/rule.hpp"
#include "text/utf8.hpp"

namespace dockhew::rules {
namespace {

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages())
    if (stage.name == "scratch" || stage.name == "context")
      report.add(stage.from->arguments[2].span,
                 "Stage name should not use the same name as reserved stage " + go_quote(stage.name),
                 {"ReservedStageName", "DL3063"});
}

}  // namespace

extern constinit const Rule reserved_stage_name = {
    .id = "reserved-stage-name",
    .aliases = {"ReservedStageName", "DL3063"},
    .category = Category::correctness,
    .severity = Severity::warning,
    .summary = "a stage has a reserved name",
    .rationale =
        R"(`scratch` is the empty image and `context` the build context. A stage with that name can hide them, and
builders disagree about which is meant. Choose another name.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
