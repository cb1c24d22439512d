#include "lint/other_contexts.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>

namespace dockhew::inline lint {
namespace {

bool is_offered(const Fix& fix) { return !fix.edits.empty(); }

bool has_fix(const Finding& finding) {
  return finding.rule->check != nullptr && std::ranges::any_of(finding.fixes, is_offered);
}

// What the rules of these findings say where the file has another context.
class Elsewhere {
 public:
  Elsewhere(const Dockerfile& file, const BuildContext& context, const RuleOptions& options,
            std::span<const Finding> findings) {
    std::set<const Rule*> rules;
    for (const auto& finding : findings)
      if (has_fix(finding)) rules.insert(finding.rule);
    if (rules.empty()) return;
    std::vector<Finding> found;
    file.ask_in(context, [&] {
      for (const auto* rule : rules) {
        Report report(*rule, found, options);
        rule->check(file, report);
      }
    });
    for (auto& finding : found) findings_.emplace(key_of(finding), std::move(finding));
  }

  // The finding like this one; null when there is none.
  const Finding* find(const Finding& finding) const {
    const auto found = findings_.find(key_of(finding));
    return found == findings_.end() ? nullptr : &found->second;
  }

 private:
  using Key = std::tuple<const Rule*, std::uint32_t, std::uint32_t, std::string>;
  static Key key_of(const Finding& finding) {
    return {finding.rule, finding.span.begin, finding.span.end, finding.message};
  }

  std::map<Key, Finding> findings_;
};

// The fix in another context that makes the same edits; null when there is none.
const Fix* same_fix(const Finding* other, const Fix& fix) {
  if (other == nullptr) return nullptr;
  const auto found = std::ranges::find(other->fixes, fix.edits, &Fix::edits);
  return found == other->fixes.end() ? nullptr : &*found;
}

// Why the fix is not made in another context, for a person.
std::string reason_elsewhere(const Finding* other, const Fix& fix, const BuildContext& context) {
  const auto place = "`" + context.origin().directory + "` too (" + context.origin().reason + "), and there ";
  if (other != nullptr)
    for (const auto& each : other->fixes)
      if (each.title == fix.title && !each.declined.empty())
        return "the file is built with the context " + place + each.declined;
  return "the file is built with the context " + place + "the fix would be another one";
}

void hold_in(const BuildContext& context, const Dockerfile& file, const RuleOptions& options,
             std::span<Finding> findings) {
  const Elsewhere elsewhere(file, context, options, findings);
  for (auto& finding : findings) {
    if (!has_fix(finding)) continue;
    const auto* other = elsewhere.find(finding);
    for (auto& fix : finding.fixes) {
      if (!is_offered(fix)) continue;
      const auto* same = same_fix(other, fix);
      if (same == nullptr) {
        decline(fix, reason_elsewhere(other, fix, context));
        continue;
      }
      fix.applicability = std::min(fix.applicability, same->applicability);
      for (const auto& assumption : same->assumptions)
        if (std::ranges::find(fix.assumptions, assumption.id, &Assumption::id) == fix.assumptions.end())
          fix.assumptions.push_back(assumption);
    }
  }
}

bool is_same_claim(const Fix& fix, const Fix* other) {
  const auto ids = [](const Fix& of) {
    std::set<std::string> all;
    for (const auto& assumption : of.assumptions) all.insert(assumption.id);
    return all;
  };
  return other != nullptr && other->applicability == fix.applicability && ids(*other) == ids(fix);
}

// What is the same without any context does not depend on the guess.
void doubt_guess(const Dockerfile& file, const RuleOptions& options, std::span<Finding> findings) {
  const Elsewhere unknown(file, BuildContext(), options, findings);
  for (auto& finding : findings) {
    if (!has_fix(finding)) continue;
    const auto* other = unknown.find(finding);
    for (auto& fix : finding.fixes) {
      if (!is_offered(fix) || is_same_claim(fix, same_fix(other, fix))) continue;
      fix.applicability = std::min(fix.applicability, Applicability::conditional);
      fix.assumptions.push_back({"build-context", "the build context is `" + file.context().origin().directory +
                                                      "`, which is a guess; `--context` says which directory it is"});
    }
  }
}

}  // namespace

void hold_in_all_contexts(const Dockerfile& file, const RuleOptions& options, std::span<Finding> findings) {
  for (const auto& context : file.context().others()) hold_in(context, file, options, findings);
  if (file.context().origin().guess) doubt_guess(file, options, findings);
}

}  // namespace dockhew::inline lint
