// Comments that silence findings. Above an instruction, `# dockhew ignore=rule,rule: reason` is for that instruction;
// inside one, it is for its next line; `stage ignore=` is for the stage whose FROM follows, `global ignore=` for the
// file. hadolint's comments of the same forms are honoured, so a file keeps its exceptions when you change linters.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lint/finding.hpp"
#include "model/dockerfile.hpp"

namespace dockhew::inline lint {

struct Suppression {
  enum class Reach { next, stage, file };

  Reach reach = Reach::next;
  bool inside = false;             // of an instruction: what follows is its next line
  std::vector<std::string> names;  // of rules, as written
  Span scope;                      // findings that begin here are silenced
  Span comment;                    // in the source, without its line ending
};

// Sorted by place.
std::vector<Suppression> find_suppressions(const Dockerfile& file);

// Builder errors cannot be ignored, unless hadolint has a rule for them that can.
bool can_be_silenced(const Finding& finding);

// The names in one comment, "# dockhew ignore=a,b"; none in any other.
std::vector<std::string> ignored_names(std::string_view comment);

// A comment that was meant to silence something and has no form that does, and what it should have been.
struct MalformedSuppression {
  Span comment;
  std::string meant;  // "# dockhew ignore=DL3008"
};
std::vector<MalformedSuppression> find_malformed_suppressions(const Dockerfile& file);
// Those that stand behind an instruction, which takes them for its own text: `CMD a # dockhew ignore=b`.
std::vector<MalformedSuppression> find_trailing_suppressions(const Dockerfile& file);

// A name in a comment that silenced nothing although its rule ran, or that is not a rule at all.
struct UnusedName {
  std::size_t suppression = 0;  // its index
  std::string name;
};

// Removes the findings that a comment silences. `rules` are those that ran.
std::vector<UnusedName> remove_suppressed(std::span<const Suppression> suppressions, std::span<const Rule* const> rules,
                                          std::vector<Finding>& findings);

}  // namespace dockhew::inline lint
