// Fires on MAINTAINER, which has been deprecated since Docker 1.13 in favour of a label.
#include <string_view>

#include "lint/rule.hpp"
#include "text/utf8.hpp"

namespace dockhew::rules {
namespace {

std::string quoted(std::string_view text, char escape) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '$' || c == escape) out += escape;
    out += c;
  }
  return out + '"';
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& instruction : file.instructions()) {
    if (instruction.keyword != Keyword::maintainer) continue;
    auto& finding = report.add(instruction.keyword_span, "Maintainer instruction is deprecated in favor of using label",
                               {"MaintainerDeprecated", "DL4000"});
    if (instruction.arguments.empty()) continue;
    Fix fix;
    fix.title = "use the label org.opencontainers.image.authors";
    fix.applicability = Applicability::safe;
    fix.changes = {"LABEL org.opencontainers.image.authors"};
    const auto& text = instruction.arguments[0];
    const std::string word = instruction.word == to_lower_ascii(instruction.word) ? "label" : "LABEL";
    fix.edits.push_back({{instruction.keyword_span.begin, text.span.end},
                         word + " org.opencontainers.image.authors=" + quoted(text.text, file.document().escape())});
    finding.fixes.push_back(std::move(fix));
  }
}

}  // namespace

extern constinit const Rule maintainer_instruction = {
    .id = "maintainer-instruction",
    .aliases = {"MaintainerDeprecated", "DL4000"},
    .category = Category::correctness,
    .severity = Severity::info,
    .summary = "MAINTAINER is deprecated",
    .rationale =
        R"(A label says the same, is inherited, and can be found by tools: `LABEL org.opencontainers.image.authors="…"`.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
