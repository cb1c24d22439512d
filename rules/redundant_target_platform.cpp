// Fires on `--platform=$TARGETPLATFORM`, which is what FROM does by itself.
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "lint/rule.hpp"
#include "syntax/word_lexer.hpp"

namespace dockhew::rules {
namespace {

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages()) {
    const auto* platform = stage.from->flag("platform");
    if (platform == nullptr) continue;
    constexpr std::string_view value = "linux/amd64";  // any would do
    std::set<std::string> asked;
    LexOptions options;
    options.escape = file.document().escape();
    const auto result = lex_word(
        platform->value,
        [&](std::string_view name) -> std::optional<std::string> {
          asked.emplace(name);
          if (name == "TARGETPLATFORM") return std::string(value);
          return std::nullopt;
        },
        options);
    if (asked != std::set<std::string>{"TARGETPLATFORM"} || result.text != value) continue;
    auto& finding = report.add(
        platform->span,
        "Setting platform to predefined " + platform->value + " in FROM is redundant as this is the default behavior",
        {"RedundantTargetPlatform", "DL3065"});
    Fix fix;
    fix.title = "remove the flag";
    fix.applicability = Applicability::safe;
    auto end = platform->span.end;
    while (end < file.source().size() && (file.source()[end] == ' ' || file.source()[end] == '\t')) ++end;
    fix.edits.push_back({{platform->span.begin, end}, ""});
    finding.fixes.push_back(std::move(fix));
  }
}

}  // namespace

extern constinit const Rule redundant_target_platform = {
    .id = "redundant-target-platform",
    .aliases = {"RedundantTargetPlatform", "DL3065"},
    .category = Category::style,
    .severity = Severity::warning,
    .by_default = false,
    .summary = "`--platform=$TARGETPLATFORM` is the default",
    .rationale = R"(FROM uses the target platform unless told otherwise, so the flag is redundant.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
