#include "lint/build_file.hpp"

#include <algorithm>
#include <map>
#include <set>
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

// What comments silence, line by line; many findings may be in one.
class Silenced {
 public:
  explicit Silenced(const LineIndex& lines) : lines_(lines) {}

  bool operator()(const Finding& finding) {
    const auto line = lines_.line(finding.span.begin);
    const auto [known, is_new] = names_.try_emplace(line);
    auto& names = known->second;
    if (is_new) {
      add(silenced_in(lines_.line_text(line), false), names);
      if (line > 1) add(silenced_in(lines_.line_text(line - 1), true), names);
    }
    return std::ranges::any_of(names, [&](const std::string& name) { return answers_to(finding, name); });
  }

 private:
  using Names = std::set<std::string>;

  static void add(std::vector<std::string> found, Names& names) {
    constexpr std::size_t most_names = 1000;  // there are fewer rules
    for (auto& name : found)
      if (names.size() < most_names) names.insert(std::move(name));
  }

  const LineIndex& lines_;
  std::map<std::uint32_t, Names> names_;
};

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
  Silenced silenced(lines);
  if (settings.comments) std::erase_if(findings, [&](const Finding& finding) { return silenced(finding); });
  apply_names(settings, findings);
  std::ranges::stable_sort(findings, {},
                           [](const Finding& finding) { return std::tuple(finding.span.begin, finding.rule->id); });
  return findings;
}

}  // namespace dockhew::inline lint
