// What a rule reports: a finding at a place, and the fixes it offers. A fix is atomic and makes the strictest claim
// that is true of it, so that tools can decide what to apply without knowing the rule.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/assumption.hpp"
#include "text/edit.hpp"
#include "text/span.hpp"

namespace dockhew::inline lint {

enum class Severity : std::uint8_t { off, style, info, warning, error };

// Ordered. What each promises is described in docs/fixes.md.
enum class Applicability : std::uint8_t { display_only, unsafe, conditional, safe };

std::string_view to_string(Severity severity);
std::string_view to_string(Applicability applicability);

struct Fix {
  std::string title;  // imperative: "add a cache mount for pip"
  Applicability applicability = Applicability::display_only;
  std::vector<Assumption> assumptions;  // that could not be checked; checked ones have been removed
  std::vector<TextEdit> edits;          // all or nothing
  std::vector<Span> moves;              // what its edits remove here to put it elsewhere
  std::vector<std::string> checklist;   // unsafe: what a person should look at
  std::vector<std::string> changes;     // what it changes intentionally: "CMD", or the text of a comment
  bool changes_base = false;            // the final stage's base image changes, and with it what that base configures
  bool adds_work = false;  // it installs what a container needs to work, so that the first build costs more
  std::string declined;    // if not empty, no fix is offered for this reason
};

// Takes a fix back for this reason: only its title is left.
Fix& decline(Fix& fix, std::string reason);

// A fix and others of the same kind, made together: the edits of all, each once, and all that they assume.
Fix joined_fix(Fix first, std::span<const Fix* const> others);

struct Rule;

struct Finding {
  const Rule* rule = nullptr;
  Severity severity = Severity::warning;
  Span span;
  std::string message;               // lower case, no full stop
  std::vector<std::string> aliases;  // the hadolint and BuildKit names that apply here
  std::vector<Fix> fixes;            // alternatives, preferred first
  bool build_goes_on = false;        // what fails is the container, or a pipe hides that a command does
  std::vector<Span> related;  // in a report: later places of which it says the same; its fixes cover all that can be
};

// Whether a name, in any case, is the rule's id or one of the aliases that apply to this finding. A finding without
// aliases answers to all of its rule's aliases.
bool answers_to(const Finding& finding, std::string_view name);

}  // namespace dockhew::inline lint
