// Fires on a stage name that is not lower-case. BuildKit converts the name to lower case, and `FROM` matches names
// exactly, so `FROM Build` never finds a stage called `Build`.
#include "lint/rule.hpp"
#include "text/utf8.hpp"

namespace dockhew::rules {
namespace {

void check(const Dockerfile& file, Report& report) {
  for (const auto& instruction : file.instructions()) {
    if (instruction.keyword != Keyword::from || instruction.arguments.size() != 3) continue;
    const auto& name = instruction.arguments[2];
    auto lower = to_lower_ascii(name.text);
    if (lower == name.text) continue;
    auto& finding = report.add(name.span, "Stage name '" + name.text + "' should be lowercase", {"StageNameCasing"});
    Fix fix;
    fix.title = "write `" + lower + "`";
    fix.applicability = Applicability::safe;
    fix.edits.push_back({name.span, std::move(lower)});
    finding.fixes.push_back(std::move(fix));
  }
}

}  // namespace

extern constinit const Rule stage_name_casing = {
    .id = "stage-name-casing",
    .aliases = {"StageNameCasing"},
    .category = Category::style,
    .severity = Severity::warning,
    .by_default = false,
    .summary = "a stage name has upper-case letters",
    .rationale =
        R"(BuildKit converts stage names to lower case. `COPY --from=Build` still finds the stage, but `FROM Build` does
not: it matches exactly and asks a registry for an image of that name.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
