#include "rewrite/rewrite.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>

#include "lint/lint.hpp"
#include "model/runs.hpp"
#include "rewrite/gate.hpp"
#include "rewrite/user_lines.hpp"
#include "text/limits.hpp"
#include "text/position.hpp"

namespace dockhew::inline rewrite {
namespace {

constexpr int most_rounds = 10;
const std::string too_many_tries = "the file has too many changes that have to be tried one by one";

std::size_t extent(const Fix& fix) {
  std::size_t size = 0;
  for (const auto& edit : fix.edits) size += edit.span.size() + edit.text.size();
  return size;
}

// Apart from edits that touch: two fixes that move the same text to different places would leave two copies of it.
bool collides(const Fix& a, const Fix& b) {
  if (a.edits == b.edits) return false;
  const bool move_the_same = std::ranges::any_of(
      a.moves, [&](Span x) { return std::ranges::any_of(b.moves, [&](Span y) { return x.overlaps(y); }); });
  return move_the_same || std::ranges::any_of(a.edits, [&](const TextEdit& x) {
           return std::ranges::any_of(b.edits, [&](const TextEdit& y) { return collide(x, y); });
         });
}

// Fixes that were chosen, by where they are: of very many, those far apart need not be compared.
class Chosen {
 public:
  Chosen() = default;
  explicit Chosen(const std::vector<Candidate>& fixes) {
    for (const auto& each : fixes) add(*each.fix);
  }

  void add(const Fix& fix) {
    all_.insert(&fix);
    for_each_cell(fix, [&](std::uint32_t cell) {
      auto& here = cells_[cell];
      // What one of equal fixes collides with, the others do too.
      const bool known = std::ranges::any_of(here, [&](const Fix* other) {
        return other == &fix || (other->edits == fix.edits && other->moves == fix.moves);
      });
      if (!known) here.push_back(&fix);
      return false;
    });
  }

  bool contains(const Fix& fix) const { return all_.contains(&fix); }

  bool collides_with(const Fix& fix) const {
    return for_each_cell(fix, [&](std::uint32_t cell) {
      const auto here = cells_.find(cell);
      return here != cells_.end() &&
             std::ranges::any_of(here->second, [&](const Fix* other) { return collides(*other, fix); });
    });
  }

 private:
  // Those that it touches, until one is what is looked for.
  template <typename Found>
  static bool for_each_cell(const Fix& fix, const Found& found) {
    constexpr std::uint32_t bytes = 256;
    const auto in = [&](Span span) {
      for (auto cell = span.begin / bytes; cell <= span.end / bytes; ++cell)
        if (found(cell)) return true;
      return false;
    };
    return std::ranges::any_of(fix.edits, [&](const TextEdit& edit) { return in(edit.span); }) ||
           std::ranges::any_of(fix.moves, in);
  }

  std::set<const Fix*> all_;
  std::map<std::uint32_t, std::vector<const Fix*>> cells_;
};

// Which findings are to be fixed.
struct Wanted {
  std::span<const Rule* const> rules;
  Fixed fixed;
  bool selected;  // the rules were named, so that all of theirs are

  bool operator()(const Finding& finding) const {
    if (std::ranges::find(rules, finding.rule) == rules.end()) return false;
    if (fixed == Fixed::shown) return finding.severity != Severity::off;
    return selected || !finding.rule->stops_build || finding.rule->optimizes || ends_build(finding);
  }
};

std::vector<Candidate> candidates(const std::vector<Finding>& findings, const Wanted& is_wanted, Applicability least) {
  std::vector<Candidate> result;
  for (const auto& finding : findings) {
    if (!is_wanted(finding)) continue;
    for (const auto& fix : finding.fixes) {
      if (fix.applicability < least || fix.applicability == Applicability::display_only || fix.edits.empty()) continue;
      result.push_back({&finding, &fix});
      break;  // the preferred one
    }
  }
  // Smallest first, so that local repairs precede the structural rewrites that would replace them.
  std::ranges::stable_sort(result, {}, [](const Candidate& candidate) { return extent(*candidate.fix); });
  return result;
}

// A file and what the gate knows about it.
struct State {
  std::shared_ptr<const Dockerfile> file;
  Assessment assessment;
  std::vector<Assessment> elsewhere;  // in each of the other contexts in which it is built
};

// Why one state must not replace another; empty when it may.
std::string check_gate(const State& before, const State& after, std::span<const Candidate> applied) {
  auto reason = check_gate(before.assessment, after.assessment, applied);
  for (std::size_t i = 0; i < before.elsewhere.size() && reason.empty(); ++i)
    reason = check_gate(before.elsewhere[i], after.elsewhere[i], applied);
  return reason;
}

class Rewriter {
 public:
  Rewriter(const Facts& facts, const BuildContext& context, std::span<const Rule* const> rules,
           const RuleOptions& options)
      : facts_(facts), context_(context), rules_(default_rules()), options_(options) {
    for (const auto* rule : rules)
      if (std::ranges::find(rules_, rule) == rules_.end()) rules_.push_back(rule);
  }

  State read(std::string text) const {
    return examined(std::make_shared<const Dockerfile>(std::move(text), facts_, context_));
  }

  State examined(std::shared_ptr<const Dockerfile> file) const {
    State state{nullptr, assess(*file, rules_, options_), {}};
    for (const auto& context : file->context().others())
      state.elsewhere.push_back(assess(Dockerfile(std::string(file->source()), facts_, context), rules_, options_));
    state.file = std::move(file);
    return state;
  }

  // Fixes that can be applied together, smallest first.
  static std::vector<Candidate> choose(const std::vector<Candidate>& candidates) {
    std::vector<Candidate> chosen;
    Chosen places;
    for (const auto& candidate : candidates)
      if (!places.collides_with(*candidate.fix)) {
        chosen.push_back(candidate);
        places.add(*candidate.fix);
      }
    return chosen;
  }

  // One round over `start`. Usually all chosen fixes pass the gate at once; when they do not, each is tried on top of
  // those that passed before it, so that the offending one can be named.
  State round(const State& start, const std::vector<Candidate>& candidates, std::vector<Candidate>& taken,
              std::map<const Fix*, std::string>& refused) {
    const auto chosen = choose(candidates);
    auto together = read(edited(start, chosen));
    if (check_gate(start, together, chosen).empty()) {
      taken = chosen;
      return together;
    }
    State newest;
    // Fixes of one kind may only work together: a store in a mount needs the mount on every RUN that reads it. Which
    // kind is first decides what the others collide with, so it must not be where a linker has put the rules.
    std::map<std::pair<std::string_view, std::string>, std::vector<Candidate>> kinds;
    for (const auto& candidate : chosen)
      kinds[{candidate.finding->rule->id, candidate.fix->title}].push_back(candidate);
    for (const auto& [kind, group] : kinds)
      if (group.size() > 1) try_fixes(start, group, taken, newest);
    Chosen places(taken);
    std::size_t tried = 0;
    for (const auto& candidate : candidates) {
      if (places.contains(*candidate.fix) || places.collides_with(*candidate.fix)) continue;
      auto reason = ++tried > limits::fixes_tried ? too_many_tries : try_fixes(start, {candidate}, taken, newest);
      if (reason.empty()) places.add(*candidate.fix);
      else refused.emplace(candidate.fix, std::move(reason));
    }
    return newest;
  }

 private:
  // Adds fixes to those taken if they pass the gate on top of them; otherwise returns the reason and changes nothing.
  std::string try_fixes(const State& start, const std::vector<Candidate>& fixes, std::vector<Candidate>& taken,
                        State& newest) {
    if (bytes_tried_ > limits::bytes_tried) return too_many_tries;
    auto attempt = taken;
    attempt.insert(attempt.end(), fixes.begin(), fixes.end());
    const auto& base = newest.file ? newest : start;
    auto text = edited(start, attempt);
    bytes_tried_ += text.size();
    if (text != base.file->source()) {  // otherwise an equal fix of another finding did the same
      auto next = read(std::move(text));
      auto reason = check_gate(base, next, fixes);
      if (!reason.empty()) return reason;
      newest = std::move(next);
    }
    taken = std::move(attempt);
    return {};
  }

  static std::string edited(const State& start, const std::vector<Candidate>& fixes) {
    std::vector<TextEdit> edits;
    for (const auto& candidate : fixes)
      edits.insert(edits.end(), candidate.fix->edits.begin(), candidate.fix->edits.end());
    return apply_edits(start.file->source(), std::move(edits));
  }

  const Facts& facts_;
  const BuildContext& context_;
  std::vector<const Rule*> rules_;
  const RuleOptions& options_;
  std::size_t bytes_tried_ = 0;
};

std::vector<ContextOrigin> contexts_of(const Dockerfile& file) {
  if (!takes_from_context(file) || (!file.context().is_known() && file.context().origin().missing.empty())) return {};
  std::vector<ContextOrigin> contexts = {file.context().origin()};
  for (const auto& other : file.context().others()) contexts.push_back(other.origin());
  return contexts;
}

// Why a finding is still there, or nothing where one of its fixes could still be made.
std::optional<DeclinedFix> why_declined(const Finding& finding, const std::map<const Fix*, std::string>& refused) {
  for (const auto& fix : finding.fixes)
    if (fix.declined.empty() && !refused.contains(&fix)) return std::nullopt;
  if (finding.fixes.empty()) return std::nullopt;
  const auto gated = refused.find(&finding.fixes.front());
  const bool by_gate = gated != refused.end();
  return DeclinedFix{finding.rule, finding.message, 0, by_gate ? gated->second : finding.fixes.front().declined,
                     by_gate};
}

// What was said of each line of the text that was given: where a finding is still there, in these words. Empty where a
// rule has said several things of one line.
using Messages = std::map<std::pair<const Rule*, std::uint32_t>, std::string>;

Messages messages_of(const State& state) {
  const LineIndex lines(state.file->source());
  Messages messages;
  for (const auto& finding : state.assessment.findings)
    if (const auto [message, added] =
            messages.emplace(std::pair(finding.rule, lines.line(finding.span.begin)), finding.message);
        !added && message->second != finding.message)
      message->second.clear();
  return messages;
}

// What is only true of a text that other changes have made says so.
std::string message_of(const Finding& finding, const std::set<const Rule*>& of_user) {
  return of_user.contains(finding.rule) ? finding.message : "after the other changes, " + finding.message;
}

// Each once, at the lines of the text that was given.
void add_declined(const Dockerfile& original, const Messages& said_before, const std::set<const Rule*>& rules_before,
                  const State& last, const Wanted& is_wanted, const std::map<const Fix*, std::string>& refused,
                  std::vector<DeclinedFix>& declined) {
  const LineIndex lines(last.file->source());
  const UserLines of_user(original.source(), last.file->source());
  std::set<std::tuple<const Rule*, std::uint32_t, std::string, std::string>> said;
  for (const auto& finding : last.assessment.findings) {
    if (!is_wanted(finding)) continue;
    auto reason = why_declined(finding, refused);
    if (!reason) continue;
    reason->message = message_of(finding, rules_before);
    reason->line = of_user.line_before(lines.line(finding.span.begin));
    if (const auto before = said_before.find({reason->rule, reason->line});
        before != said_before.end() && !before->second.empty())
      reason->message = before->second;
    if (said.emplace(reason->rule, reason->line, reason->message, reason->reason).second)
      declined.push_back(*std::move(reason));
  }
}

// What is shown of other rules and can be mended.
std::vector<OtherFix> other_fixes(const Dockerfile& original, const State& last, const Wanted& is_wanted) {
  std::vector<OtherFix> others;
  const LineIndex lines(last.file->source());
  const UserLines of_user(original.source(), last.file->source());
  for (const auto& finding : last.assessment.findings) {
    if (finding.severity == Severity::off || is_wanted(finding)) continue;
    const auto fix = std::ranges::find_if(finding.fixes, [](const Fix& each) {
      return each.applicability >= Applicability::conditional && !each.edits.empty();
    });
    if (fix != finding.fixes.end())
      others.push_back(
          {finding.rule, of_user.line_before(lines.line(finding.span.begin)), fix->title, fix->applicability});
  }
  return others;
}

// What an expert names first: nothing is gained by a rewrite of what does not build.
std::vector<FailingStep> failing_steps(const Dockerfile& file, const std::vector<Finding>& findings) {
  std::vector<FailingStep> result;
  const LineIndex lines(file.source());
  for (const auto& finding : findings)
    if (ends_build(finding)) result.push_back({lines.line(finding.span.begin), finding.message});
  return result;
}

// What the builder does not take. Such a file does not build, and what is meant by it is a guess: it is left as it is.
std::vector<Unjudged> rejections(const Dockerfile& file, const std::vector<Finding>& findings) {
  std::vector<Unjudged> result;
  const LineIndex lines(file.source());
  for (const auto& finding : findings) {
    if (!is_rejection(finding)) continue;
    result.push_back(
        {lines.line(finding.span.begin), "the builder rejects this, so the file is left as it is: " + finding.message});
  }
  return result;
}

}  // namespace

namespace {

bool mounts_anything(const Dockerfile& file) {
  return std::ranges::any_of(file.stages(), [](const Stage& stage) {
    return std::ranges::any_of(stage.steps, [](const Step& step) { return !step.mounts.empty(); });
  });
}

}  // namespace

Rewrite rewrite_file(std::string text, const Facts& facts, const BuildContext& context,
                     std::span<const Rule* const> rules, Applicability least, const RuleOptions& options, Fixed fixed) {
  return rewrite_file(std::make_shared<const Dockerfile>(std::move(text), facts, context), rules, least, options,
                      fixed);
}

Rewrite rewrite_file(std::shared_ptr<const Dockerfile> file, std::span<const Rule* const> rules, Applicability least,
                     const RuleOptions& options, Fixed fixed) {
  Rewrite result;
  const auto original = std::move(file);  // owns what the rewriter refers to
  if (const auto& too_large = original->document().too_large()) {
    result.text = original->source();
    result.unjudged = {{LineIndex(result.text).line(too_large->span.begin), too_large->message}};
    return result;
  }
  result.contexts = contexts_of(*original);
  Rewriter rewriter(original->facts(), original->context(), rules, options);
  auto current = rewriter.examined(original);
  if (current.assessment.syntax_errors > 0) {
    result.text = original->source();
    result.unjudged = rejections(*original, current.assessment.findings);
    return result;
  }
  result.failing = failing_steps(*original, current.assessment.findings);
  const auto messages = messages_of(current);
  std::set<const Rule*> rules_of_user;
  for (const auto& finding : current.assessment.findings) rules_of_user.insert(finding.rule);
  const Wanted is_wanted{rules, fixed, options.selected};
  std::map<const Fix*, std::string> refused;
  result.converged = false;
  while (!result.converged && result.rounds < most_rounds) {
    ++result.rounds;
    refused.clear();
    const auto open = candidates(current.assessment.findings, is_wanted, least);
    std::vector<Candidate> taken;
    State next;
    if (!open.empty()) next = rewriter.round(current, open, taken, refused);
    result.converged = next.file == nullptr;
    if (result.converged) break;
    const LineIndex lines(current.file->source());
    const UserLines of_user(original->source(), current.file->source());
    for (const auto& [finding, fix] : taken)
      result.applied.push_back({finding->rule, message_of(*finding, rules_of_user),
                                of_user.line_before(lines.line(finding->span.begin)), fix->title, fix->applicability,
                                fix->assumptions, fix->checklist, fix->changes_base});
    current = std::move(next);
  }
  result.text = current.file->source();
  result.builds_now = !result.failing.empty() && std::ranges::none_of(current.assessment.findings, ends_build);
  result.needs_buildkit =
      options.builder == Builder::buildkit && mounts_anything(*current.file) && !mounts_anything(*original);
  add_declined(*original, messages, rules_of_user, current, is_wanted, refused, result.declined);
  if (fixed == Fixed::optimizing) result.others = other_fixes(*original, current, is_wanted);
  result.unjudged = find_unjudged(*original);
  return result;
}

}  // namespace dockhew::inline rewrite
