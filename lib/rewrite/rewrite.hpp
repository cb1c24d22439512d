// Applies fixes in rounds: collect, take the smallest that do not collide, apply each through the gate, re-read the
// result, until nothing changes. `lint --fix` and `optimize` differ only in the applicability they accept.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "lint/rule.hpp"
#include "model/dockerfile.hpp"
#include "rewrite/unjudged.hpp"

namespace dockhew::inline rewrite {

struct AppliedFix {
  const Rule* rule = nullptr;
  std::string message;     // of the finding
  std::uint32_t line = 0;  // of the finding, in the text that was given
  std::string title;
  Applicability applicability = Applicability::display_only;
  std::vector<Assumption> assumptions;
  std::vector<std::string> checklist;
  bool changes_base = false;      // the final stage is another one by design
  bool only_with_unsafe = false;  // it could not be made without an unsafe change that is made besides
};

struct DeclinedFix {
  const Rule* rule = nullptr;
  std::string message;
  std::uint32_t line = 0;  // in the text that was given
  std::string reason;
  bool by_gate = false;  // the rule offered a fix, but the gate rejected it
};

// A fix of a rule that is not about the build, which is made where the rule is selected.
struct OtherFix {
  const Rule* rule = nullptr;
  std::uint32_t line = 0;  // of the finding, in the text that was given
  std::string title;
  Applicability applicability = Applicability::display_only;
};

// A step that certainly ends the build of the text that was given.
struct FailingStep {
  std::uint32_t line = 0;
  std::string message;  // of the finding
};

struct Rewrite {
  std::string text;
  std::vector<FailingStep> failing;
  bool builds_now = false;  // none of these is left
  std::vector<AppliedFix> applied;
  std::vector<DeclinedFix> declined;    // rewrites that were not made, and why
  std::vector<OtherFix> others;         // fixes of rules that only lint
  std::vector<Unjudged> unjudged;       // what of the text that was given could not be judged
  std::vector<ContextOrigin> contexts;  // in which it is right, where the file takes anything from them
  bool needs_buildkit = false;          // the text has mounts, and the one that was given had none
  std::string needed_builder = {};  // in place of BuildKit, where only other builders are known: "Podman 4.0 or later"
  int rounds = 0;
  bool converged = true;  // false when the last round still changed something
};

// Which findings have their fixes made: those that `lint` shows, or those that an optimized file is better without. Of
// a rule that does not optimize by itself these are the ones that end the build.
enum class Fixed : std::uint8_t { optimizing, shown };

// `rules` are those whose fixes are made; the gate also considers all that run by default. `least`: the weakest
// applicability to accept. The text is returned unchanged when nothing applies.
Rewrite rewrite_file(std::shared_ptr<const Dockerfile> file, std::span<const Rule* const> rules, Applicability least,
                     const RuleOptions& options = {}, Fixed fixed = Fixed::optimizing);
Rewrite rewrite_file(std::string text, const Facts& facts, const BuildContext& context,
                     std::span<const Rule* const> rules, Applicability least, const RuleOptions& options = {},
                     Fixed fixed = Fixed::optimizing);

}  // namespace dockhew::inline rewrite
