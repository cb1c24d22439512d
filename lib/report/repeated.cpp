#include "report/repeated.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <string_view>

#include "ecosystems/installation.hpp"
#include "effects/effects.hpp"
#include "lint/rule.hpp"

namespace dockhew::inline report {
namespace {

// What a reader is told, apart from the place, and, of a habit, from what can be done there.
std::string words_of(const Finding& finding) {
  std::string words(finding.rule->id);
  words += to_string(finding.severity);
  const auto add = [&](std::string_view part) { words.append(1, '\0').append(part); };
  add(finding.message);
  for (const auto& alias : finding.aliases) add(alias);
  if (finding.rule->once_in == OnceIn::habit) return words;
  if (const auto* fix = shown_fix(finding)) {
    add(to_string(fix->applicability));
    add(fix->declined.empty() ? fix->title : fix->declined);
    for (const auto& assumption : fix->assumptions) add(assumption.sentence);
  }
  return words;
}

// The stage that a place is in; as many as there are where it is in none.
std::size_t stage_at(const Dockerfile& file, std::size_t place) {
  const auto& stages = file.stages();
  std::size_t index = stages.size();
  for (std::size_t i = 0; i < stages.size() && stages[i].from->span.begin <= place; ++i) index = i;
  return index;
}

// What the tool at a place downloads, where two RUNs may download the same: what the manifests of a project declare.
// Empty where each names its own packages.
std::string downloads_at(const Dockerfile& file, std::size_t place) {
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps) {
      const auto span = step.instruction->span;
      if (!step.script || place < span.begin || place >= span.end) continue;
      for (const auto& use : step.script->uses) {
        if (step.script->to_source(use.command->words[0].span).begin != place) continue;
        const auto& tool = *use.tool;
        if (tool.packages.of_system || installation_of(use).declares == Declares::names) return {};
        std::string subject(tool.id);
        for (const auto option : tool.project.directory_options)
          for (const auto& value : option_values(*use.command, option)) subject += ' ' + value.text;
        return subject;
      }
    }
  return {};
}

// What a finding is about, where findings of one thing are one; empty where each place is to be looked at by itself.
std::string subject_of(const Dockerfile& file, const Finding& finding) {
  switch (finding.rule->once_in) {
    case OnceIn::place:
    case OnceIn::context: return {};
    case OnceIn::file:
    case OnceIn::habit: return "file";
    case OnceIn::stage: break;
  }
  const auto downloads = downloads_at(file, finding.span.begin);
  return downloads.empty() ? downloads : std::to_string(stage_at(file, finding.span.begin)) + '\0' + downloads;
}

// One fix for all places that can be mended; the reason of the first where none can.
Fix fix_for_all(Fix first, const std::vector<Fix>& others) {
  std::vector<const Fix*> made;
  for (const auto& fix : others)
    if (fix.declined.empty()) made.push_back(&fix);
  if (made.empty()) return first;
  if (first.declined.empty()) return joined_fix(std::move(first), made);
  return joined_fix(*made.front(), std::span(made).subspan(1));
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

void join_repeated(const Dockerfile& file, std::vector<Finding>& findings) {
  struct Joined {
    Finding finding;
    std::vector<Fix> fixes;  // of the others
  };
  std::vector<Joined> all;
  std::map<std::string, std::size_t> known;
  for (auto& finding : findings) {
    const auto subject = subject_of(file, finding);
    const bool alone = subject.empty() || finding.fixes.size() > 1;
    const auto place = alone ? known.end() : known.try_emplace(subject + '\0' + words_of(finding), all.size()).first;
    if (alone || place->second == all.size()) {
      all.push_back({std::move(finding), {}});
      continue;
    }
    auto& first = all[place->second];
    first.finding.related.push_back(finding.span);
    std::ranges::copy(finding.related, std::back_inserter(first.finding.related));
    if (!finding.fixes.empty()) first.fixes.push_back(std::move(finding.fixes.front()));
  }
  findings.clear();
  for (auto& [finding, fixes] : all) {
    if (!fixes.empty()) finding.fixes.front() = fix_for_all(std::move(finding.fixes.front()), fixes);
    findings.push_back(std::move(finding));
  }
}

std::string also_in(const LineIndex& lines, const Finding& finding, std::span<const Finding* const> others) {
  const auto own = lines.line(finding.span.begin);
  std::vector<std::uint32_t> also;
  const auto add = [&](Span span) {
    if (const auto line = lines.line(span.begin); line != own) also.push_back(line);
  };
  for (const auto& span : finding.related) add(span);
  for (const auto* other : others) {
    add(other->span);
    for (const auto& span : other->related) add(span);
  }
  return also.empty() ? std::string() : "also in " + line_list(also);
}

std::string with_places(const LineIndex& lines, const Finding& finding, std::span<const Finding* const> others) {
  const auto also = also_in(lines, finding, others);
  return also.empty() ? finding.message : finding.message + " (" + also + ')';
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
  constexpr std::size_t most_named = 20;
  const auto named = lines.size() > most_named + 1 ? most_named : lines.size();
  std::string text = lines.size() == 1 ? "line " : "lines ";
  for (std::size_t i = 0; i < named; ++i) {
    if (i > 0) text += i + 1 == lines.size() ? " and " : ", ";
    text += std::to_string(lines[i]);
  }
  if (named < lines.size()) text += fmt::format(" and {} more", lines.size() - named);
  return text;
}

}  // namespace dockhew::inline report
