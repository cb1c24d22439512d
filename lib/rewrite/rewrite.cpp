#include "rewrite/rewrite.hpp"

#include <algorithm>
#include <memory>
#include <set>

#include "lint/lint.hpp"
#include "rewrite/gate.hpp"
#include "text/position.hpp"

namespace dockhew {
namespace {

constexpr int most_rounds = 10;

struct Candidate {
  const Finding* finding;
  const Fix* fix;
};

std::size_t extent(const Fix& fix) {
  std::size_t size = 0;
  for (const auto& edit : fix.edits) size += edit.span.size() + edit.text.size();
  return size;
}

bool collides(const Fix& a, const Fix& b) {
  return std::ranges::any_of(a.edits, [&](const TextEdit& x) {
    return std::ranges::any_of(b.edits, [&](const TextEdit& y) { return collide(x, y); });
  });
}

std::vector<Candidate> candidates(const std::vector<Finding>& findings, Applicability least) {
  std::vector<Candidate> result;
  for (const auto& finding : findings) {
    for (const auto& fix : finding.fixes) {
      if (fix.applicability < least || fix.applicability == Applicability::display_only || fix.edits.empty()) continue;
      result.push_back({&finding, &fix});
      break;  // the preferred one
    }
  }
  // Smallest first, so that local repairs precede the structural rewrites that would swallow them.
  std::ranges::stable_sort(result, {}, [](const Candidate& candidate) { return extent(*candidate.fix); });
  return result;
}

std::string identity(const Finding& finding, const Fix& fix) {
  std::string key(finding.rule->id);
  key += '|' + fix.title;
  for (const auto& edit : fix.edits) key += '|' + edit.text;
  return key;
}

}  // namespace

Rewrite rewrite(std::string text, const Facts& facts, const BuildContext& context, std::span<const Rule* const> rules,
                Applicability least) {
  Rewrite result;
  auto current = std::make_unique<Dockerfile>(std::move(text), facts, context);
  std::set<std::string> refused;  // fixes that the gate dropped, with the reason in `declined`
  std::vector<DeclinedFix> by_gate;
  bool changed = true;
  while (changed && result.rounds < most_rounds) {
    changed = false;
    ++result.rounds;
    const auto findings = lint(*current, rules);
    std::vector<const Fix*> taken;
    std::vector<TextEdit> edits;
    // Each fix passes the gate on top of those taken before it in this round, so an offender is known by name.
    std::unique_ptr<Dockerfile> newest;
    const LineIndex lines(current->source());
    for (const auto& [finding, fix] : candidates(findings, least)) {
      const auto key = identity(*finding, *fix);
      if (refused.contains(key)) continue;
      if (std::ranges::any_of(taken, [&](const Fix* other) { return collides(*other, *fix); })) continue;
      auto attempt_edits = edits;
      attempt_edits.insert(attempt_edits.end(), fix->edits.begin(), fix->edits.end());
      auto attempt_text = apply_edits(current->source(), attempt_edits);
      const auto& base = newest ? *newest : *current;
      if (attempt_text == base.source()) {  // an equal fix of another finding did the same
        taken.push_back(fix);
        continue;
      }
      auto attempt = std::make_unique<Dockerfile>(std::move(attempt_text), facts, context);
      if (auto reason = check_gate(base, *attempt, *finding->rule, *fix, rules); !reason.empty()) {
        refused.insert(key);
        by_gate.push_back({finding->rule, finding->message, lines.line(finding->span.begin), "`" + fix->title + "`: " + reason});
        continue;
      }
      taken.push_back(fix);
      edits = std::move(attempt_edits);
      newest = std::move(attempt);
      changed = true;
      result.applied.push_back({finding->rule, finding->message, lines.line(finding->span.begin), fix->title, fix->applicability,
                                fix->assumptions, fix->checklist});
    }
    if (newest) current = std::move(newest);
  }
  result.converged = !changed;
  result.text = current->source();
  const LineIndex lines(current->source());
  for (const auto& finding : lint(*current, rules))
    for (const auto& fix : finding.fixes)
      if (!fix.declined.empty()) result.declined.push_back({finding.rule, finding.message, lines.line(finding.span.begin), fix.declined});
  std::ranges::move(by_gate, std::back_inserter(result.declined));
  return result;
}

}  // namespace dockhew
