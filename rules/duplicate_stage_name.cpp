// Fires on the second stage with the same name. Such a file builds: later references mean the later stage, which
// readers do not expect.
#include <set>

#include "lint/rule.hpp"
#include "text/utf8.hpp"

namespace dockhew::rules {
namespace {

void check(const Dockerfile& file, Report& report) {
  std::set<std::string> seen;
  for (const auto& stage : file.stages()) {
    if (stage.name.empty() || seen.insert(stage.name).second) continue;
    report.add(stage.from->arguments[2].span,
               "Duplicate stage name " + go_quote(stage.name) + ", stage names should be unique",
               {"DuplicateStageName", "DL3024"});
  }
}

}  // namespace

extern constinit const Rule duplicate_stage_name = {
    .id = "duplicate-stage-name",
    .aliases = {"DuplicateStageName", "DL3024"},
    .category = Category::correctness,
    .severity = Severity::warning,
    .summary = "two stages have the same name",
    .rationale =
        R"(`COPY --from=name` and `--target name` mean the last stage of that name, wherever they appear. Rename one of
the two.

There is no fix, because only you know which stage the references mean.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
