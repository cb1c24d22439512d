// Fires on `ENV name value` and `LABEL name value` without an equals sign. This form takes one pair only, and its value
// extends to the end of the line, including white space.
#include <optional>
#include <string>

#include "lint/rule.hpp"
#include "syntax/arguments.hpp"
#include "syntax/word_lexer.hpp"

namespace dockhew::rules {
namespace {

Fix with_equals_sign(const Dockerfile& file, const NameValue& pair) {
  Fix fix;
  fix.title = "write `" + pair.name + "=…`";
  fix.applicability = Applicability::safe;
  const auto decline = [&](const char* why) { return fix.declined = why, fix; };
  const Span gap{pair.name_span.end, pair.value_span.begin};
  if (slice(file.source(), gap).find('#') != std::string_view::npos) return decline("it contains a comment");
  if (pair.name.find_first_of("'\"=") != std::string::npos) return decline("the name is quoted");
  const char escape = file.document().escape();
  LexOptions options;
  options.escape = escape;
  const auto unset = [](std::string_view) -> std::optional<std::string> { return std::nullopt; };
  if (!lex_word(pair.value, unset, options).error.empty()) return decline("the builder cannot parse the value");
  const auto words = split_words(pair.value, escape);
  // A single word keeps its quotes and escapes; several are quoted together, where both would change their meaning.
  const bool quote = words.size() != 1;
  if (quote && pair.value.find_first_of(std::string("'\"") + escape) != std::string::npos)
    return decline("the value contains quotes or escapes");
  fix.edits.push_back({gap, quote ? "=\"" : "="});
  if (quote) fix.edits.push_back({{pair.value_span.end, pair.value_span.end}, "\""});
  return fix;
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages()) {
    for (const auto& step : stage.steps) {
      for (const auto& pair : step.instruction->pairs) {
        if (!pair.legacy) continue;
        const auto& name = step.instruction->word;
        auto& finding = report.add(
            pair.span, "\"" + name + " key=value\" should be used instead of legacy \"" + name + " key value\" format",
            {"LegacyKeyValueFormat"});
        finding.fixes.push_back(with_equals_sign(file, pair));
      }
    }
  }
}

}  // namespace

extern constinit const Rule legacy_key_value = {
    .id = "legacy-key-value",
    .aliases = {"LegacyKeyValueFormat"},
    .category = Category::style,
    .severity = Severity::warning,
    .by_default = false,
    .summary = "ENV or LABEL without an equals sign",
    .rationale = R"(`ENV NAME some value` is the old form. It takes one pair, swallows the rest of the line, and reads
`ENV a = b` as the value `= b`. Write `ENV NAME="some value"`.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
