// Fires on keys of LABEL that do not follow Docker's guidelines (docs.docker.com, Object labels): lower-case letters,
// digits, dots and dashes, beginning with a letter, and outside the namespaces reserved for Docker.
#include <algorithm>
#include <string_view>

#include "lint/rule.hpp"

namespace dockhew::rules {
namespace {

bool is_letter(char c) { return 'a' <= c && c <= 'z'; }
bool is_digit(char c) { return '0' <= c && c <= '9'; }

std::string_view problem(std::string_view key) {
  if (key.empty()) return "is empty";
  if (!is_letter(key.front())) return "does not begin with a lower-case letter";
  if (!is_letter(key.back()) && !is_digit(key.back())) return "does not end with a letter or a digit";
  const auto allowed = [](char c) {
    return is_letter(c) || is_digit(c) || std::string_view("._/-").find(c) != std::string_view::npos;
  };
  if (!std::ranges::all_of(key, allowed))
    return "has characters other than lower-case letters, digits, `.`, `-`, `_` and `/`";
  if (key.find("..") != key.npos || key.find("--") != key.npos) return "has two separators in a row";
  for (const auto reserved : {"com.docker.", "io.docker.", "org.dockerproject."})
    if (key.starts_with(reserved)) return "is in a namespace reserved for Docker";
  return {};
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps) {
      const auto& triggers = step.instruction->trigger;
      const auto& instruction = triggers.empty() ? *step.instruction : triggers[0];
      if (instruction.keyword != Keyword::label) continue;
      for (const auto& pair : instruction.pairs) {
        const auto key = file.expand(stage, step, pair.name);
        if (!key.is_known()) continue;
        if (const auto why = problem(key.text); !why.empty())
          report.add(pair.name_span, "the key of this label " + std::string(why), {"DL3048"});
      }
    }
}

}  // namespace

extern constinit const Rule invalid_label_key = {
    .id = "invalid-label-key",
    .aliases = {"DL3048"},
    .category = Category::style,
    .severity = Severity::info,
    .by_default = false,
    .summary = "the key of a label does not follow Docker's guidelines",
    .rationale = R"(Keys use the reverse notation of a domain that the author owns: `org.opencontainers.image.source`.
Tools that read or query labels rely on that form.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
