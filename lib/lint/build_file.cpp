#include "lint/build_file.hpp"

#include <algorithm>
#include <tuple>

#include "lint/suppression.hpp"
#include "text/position.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline lint {
namespace {

// The names that a YAML comment at the end of a line silences, or one that is the whole line.
std::vector<std::string> silenced_in(std::string_view line, bool whole) {
  const auto text = trim_unicode(line);
  const auto hash = whole ? (text.starts_with('#') ? 0 : text.npos) : text.rfind(" #");
  return hash == text.npos ? std::vector<std::string>() : ignored_names(text.substr(hash + (whole ? 0 : 1)));
}

bool is_silenced(const LineIndex& lines, const Finding& finding) {
  const auto line = lines.line(finding.span.begin);
  auto names = silenced_in(lines.line_text(line), false);
  if (line > 1) std::ranges::move(silenced_in(lines.line_text(line - 1), true), std::back_inserter(names));
  return std::ranges::any_of(names, [&](const std::string& name) { return answers_to(finding, name); });
}

}  // namespace

std::vector<Finding> lint_build_file(const BuildFile& file, const LintSettings& settings) {
  std::vector<Finding> findings;
  for (const auto* rule : settings.rules) {
    if (rule->check_builds == nullptr) continue;
    Report report(*rule, findings, settings.options);
    rule->check_builds(file, report);
  }
  if (findings.empty()) return findings;
  const LineIndex lines(file.text);
  if (settings.comments) std::erase_if(findings, [&](const Finding& finding) { return is_silenced(lines, finding); });
  apply_names(settings, findings);
  std::ranges::stable_sort(findings, {},
                           [](const Finding& finding) { return std::tuple(finding.span.begin, finding.rule->id); });
  return findings;
}

}  // namespace dockhew::inline lint
