// Checks the promise: every rewritten file is compared with the previous one. A rewrite that the gate cannot show to be
// right is not emitted, and the reason is recorded.
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "buildkit/image_configuration.hpp"
#include "layers/cost.hpp"
#include "layers/late_removal.hpp"
#include "lint/finding.hpp"
#include "lint/rule.hpp"
#include "model/dockerfile.hpp"

namespace dockhew::inline rewrite {

// Everything about a file that the gate compares, computed once.
struct Assessment {
  std::vector<Finding> findings;
  std::map<const Rule*, std::size_t> counts;     // findings of each rule
  std::map<const Rule*, std::size_t> shown;      // those that are not off
  std::map<std::string_view, const Rule*> loud;  // those of warning severity and above, by their ids
  Configuration configuration;
  Costs costs{};
  std::map<std::string, int> comments;
  std::size_t syntax_errors = 0;
  std::size_t shell_errors = 0;
  std::size_t lost_artifacts = 0;
  std::string first_lost;
  Removals removals;                                    // and what they leave
  std::set<std::string, std::less<>> external_sources;  // that COPY --from names and that are no stages
};

Assessment assess(const Dockerfile& file, std::span<const Rule* const> rules, const RuleOptions& options);

struct Candidate {
  const Finding* finding = nullptr;
  const Fix* fix = nullptr;
};

// Why a file assessed as `after` must not replace the one assessed as `before`, given the fixes applied between them;
// empty when it may. Checked: no new syntax errors; every RUN's shell still parses; the final stage's configuration is
// unchanged unless a fix declares the change; nothing that a later step reads is lost in a mount; every COPY --from
// still names its stage; comments are kept; no scenario costs more; nothing that a RUN makes and removes again is left
// in a layer; each rule involved reports less, and none that was silent reports anything.
std::string check_gate(const Assessment& before, const Assessment& after, std::span<const Candidate> applied);

}  // namespace dockhew::inline rewrite
