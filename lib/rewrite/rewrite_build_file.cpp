#include "rewrite/rewrite_build_file.hpp"

#include <algorithm>

#include "text/position.hpp"

namespace dockhew::inline rewrite {

Rewrite rewrite_build_file(const BuildFile& file, std::span<const Rule* const> rules, Applicability least,
                           const RuleOptions& options) {
  Rewrite result;
  std::vector<TextEdit> edits;
  const auto findings = lint_build_file(file, {.rules = {rules.begin(), rules.end()}, .options = options});
  const LineIndex lines(file.text);
  for (const auto& finding : findings) {
    const auto line = lines.line(finding.span.begin);
    for (const auto& fix : finding.fixes) {
      const bool collides = std::ranges::any_of(fix.edits, [&](const TextEdit& edit) {
        return std::ranges::any_of(edits, [&](const TextEdit& other) { return collide(edit, other); });
      });
      auto reason = fix.declined;
      if (reason.empty() && collides) reason = "another change is made at the same place";
      if (reason.empty() && fix.applicability < least) continue;
      if (!reason.empty()) {
        result.declined.push_back({finding.rule, finding.message, line, std::move(reason)});
        continue;
      }
      edits.insert(edits.end(), fix.edits.begin(), fix.edits.end());
      result.applied.push_back(
          {finding.rule, finding.message, line, fix.title, fix.applicability, fix.assumptions, fix.checklist});
      break;
    }
  }
  result.text = apply_edits(file.text, std::move(edits));
  return result;
}

}  // namespace dockhew::inline rewrite
