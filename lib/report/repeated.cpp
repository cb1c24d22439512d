#include "report/repeated.hpp"

#include <algorithm>
#include <map>
#include <string_view>

#include "lint/rule.hpp"

namespace dockhew::inline report {
namespace {

// What a reader is told, apart from the place.
std::string words_of(const Finding& finding) {
  std::string words(finding.rule->id);
  words += to_string(finding.severity);
  const auto add = [&](std::string_view part) { words.append(1, '\0').append(part); };
  add(finding.message);
  for (const auto& alias : finding.aliases) add(alias);
  if (const auto* fix = shown_fix(finding)) {
    add(to_string(fix->applicability));
    add(fix->declined.empty() ? fix->title : fix->declined);
    for (const auto& assumption : fix->assumptions) add(assumption.sentence);
  }
  return words;
}

}  // namespace

const Fix* shown_fix(const Finding& finding) {
  const auto fix = std::ranges::find_if(finding.fixes, [](const Fix& f) { return f.declined.empty(); });
  if (fix != finding.fixes.end()) return &*fix;
  return finding.fixes.empty() ? nullptr : &finding.fixes.front();
}

std::vector<RepeatedFinding> group_repeated(std::span<const Finding> findings) {
  std::vector<RepeatedFinding> groups;
  std::map<std::string, std::size_t> known;
  for (const auto& finding : findings) {
    const auto place = known.try_emplace(words_of(finding), groups.size());
    if (place.second) groups.push_back({&finding, {}});
    else groups[place.first->second].others.push_back(&finding);
  }
  return groups;
}

void LinesByText::add(std::string text, std::uint32_t line) {
  const auto place = known_.try_emplace(text, said_.size());
  if (place.second) said_.push_back({std::move(text), {line}});
  else said_[place.first->second].lines.push_back(line);
}

std::vector<SaidOfLines> LinesByText::sorted() const {
  auto said = said_;
  std::ranges::stable_sort(said, {}, [](const SaidOfLines& one) { return std::ranges::min(one.lines); });
  return said;
}

std::string line_list(std::vector<std::uint32_t> lines) {
  std::ranges::sort(lines);
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  std::string text = lines.size() == 1 ? "line " : "lines ";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) text += i + 1 == lines.size() ? " and " : ", ";
    text += std::to_string(lines[i]);
  }
  return text;
}

}  // namespace dockhew::inline report
