// Fires on `EXPOSE 80/TCP`: protocols are written in lower case.
#include "buildkit/expanded_words.hpp"
#include "lint/rule.hpp"
#include "model/port.hpp"
#include "text/utf8.hpp"

namespace dockhew::rules {
namespace {

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages()) {
    for (const auto& step : stage.steps) {
      if (step.instruction->keyword != Keyword::expose) continue;
      for (const auto& word : expanded_words({file, stage, step})) {
        for (const auto& text : word.values) {
          const auto port = parse_port(text);
          if (!port.error.empty() || port.protocol == to_lower_ascii(port.protocol)) continue;
          auto& finding =
              report.add(word.span, "Defined protocol '" + text + "' in EXPOSE instruction should be lowercase",
                         {"ExposeProtoCasing"});
          if (word.text != text) continue;
          Fix fix;
          fix.title = "write `" + to_lower_ascii(text) + "`";
          fix.applicability = Applicability::safe;
          fix.edits.push_back({word.span, to_lower_ascii(text)});
          finding.fixes.push_back(std::move(fix));
        }
      }
    }
  }
}

}  // namespace

extern constinit const Rule expose_protocol_casing = {
    .id = "expose-protocol-casing",
    .aliases = {"ExposeProtoCasing"},
    .category = Category::style,
    .severity = Severity::warning,
    .by_default = false,
    .summary = "a protocol in EXPOSE is not lower-case",
    .rationale = R"(The builder accepts `80/TCP` and stores `80/tcp`.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
