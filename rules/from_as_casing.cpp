// Fires when `as` is not written in the case of its `FROM`. A `FROM` in mixed case is left to
// inconsistent-instruction-casing.
#include "lint/rule.hpp"
#include "text/utf8.hpp"

namespace dockhew::rules {
namespace {

void check(const Dockerfile& file, Report& report) {
  for (const auto& instruction : file.instructions()) {
    if (instruction.keyword != Keyword::from || instruction.arguments.size() < 3) continue;
    const bool lower = instruction.word == to_lower_ascii(instruction.word);
    if (!lower && instruction.word != to_upper_ascii(instruction.word)) continue;
    const auto& as = instruction.arguments[1];
    auto wanted = lower ? to_lower_ascii(as.text) : to_upper_ascii(as.text);
    if (wanted == as.text) continue;
    auto& finding = report.add(as.span, "'as' and 'FROM' keywords' casing do not match", {"FromAsCasing"});
    Fix fix;
    fix.title = "write `" + wanted + "`";
    fix.applicability = Applicability::safe;
    fix.edits.push_back({as.span, std::move(wanted)});
    finding.fixes.push_back(std::move(fix));
  }
}

}  // namespace

extern constinit const Rule from_as_casing = {
    .id = "from-as-casing",
    .aliases = {"FromAsCasing"},
    .category = Category::style,
    .severity = Severity::warning,
    .by_default = false,
    .summary = "`as` and `FROM` differ in case",
    .rationale =
        R"(`FROM image as build` builds like `FROM image AS build`. Using one case for both words is easier to read.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
