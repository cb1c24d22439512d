#include "rewrite/gate.hpp"

#include <algorithm>
#include <map>

#include "analysis/configuration.hpp"
#include "analysis/cost.hpp"
#include "analysis/lost_artifacts.hpp"
#include "lint/lint.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"

namespace dockhew {
namespace {

// Steps that only copy or set metadata are not worth a refusal; neither is what rounding leaves.
constexpr double cost_slack = 1.5;

std::size_t shell_errors(const Dockerfile& file) {
  std::size_t count = 0;
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps)
      if (step.script) count += step.script->shell.errors.size();
  return count;
}

std::map<std::string, int> comments(const Dockerfile& file) {
  std::map<std::string, int> counts;
  for (const auto& node : file.document().lines().tree.nodes)
    if (node.kind == LineKind::comment) ++counts[std::string(trim_unicode(slice(file.source(), node.span())))];
  return counts;
}

std::string lost_comment(const Dockerfile& before, const Dockerfile& after) {
  const auto kept = comments(after);
  for (const auto& [text, count] : comments(before)) {
    const auto found = kept.find(text);
    if (found == kept.end() || found->second < count) return text;
  }
  return {};
}

// Findings a reader would act on, per rule.
std::map<const Rule*, std::size_t> loudness(const Dockerfile& file, std::span<const Rule* const> rules) {
  std::map<const Rule*, std::size_t> counts;
  for (const auto& finding : lint(file, rules))
    if (finding.severity >= Severity::warning) ++counts[finding.rule];
  return counts;
}

std::size_t findings_of(const Dockerfile& file, const Rule& rule) {
  const Rule* only[] = {&rule};
  return lint(file, only).size();
}

bool dangling_stage_reference(const Dockerfile& before, const Dockerfile& after) {
  const auto external = [](const Dockerfile& file) {
    std::size_t count = 0;
    for (const auto& stage : file.stages())
      for (const auto& step : stage.steps)
        if (step.copy && !step.copy->from_context() && !step.copy->stage) ++count;
    return count;
  };
  return external(after) > external(before);
}

}  // namespace

std::string check_gate(const Dockerfile& before, const Dockerfile& after, const Rule& rule, const Fix& fix,
                       std::span<const Rule* const> rules) {
  if (after.document().errors().size() > before.document().errors().size())
    return "the result has a syntax error: " + after.document().errors().front().message;
  if (shell_errors(after) > shell_errors(before)) return "the shell of a changed RUN no longer parses";
  if (dangling_stage_reference(before, after)) return "a COPY --from would name no stage";
  const auto changed = differences(final_configuration(before), final_configuration(after), fix.changes_base);
  if (!changed.empty()) return "the image's configuration would change: " + changed.front();
  const auto lost_before = find_lost_artifacts(before).size();
  const auto lost_after = find_lost_artifacts(after);
  if (lost_after.size() > lost_before) return "`" + lost_after.front().path + "` would be lost in a cache mount";
  if (const auto comment = lost_comment(before, after); !comment.empty()) return "the comment `" + comment + "` would be lost";
  const auto old_costs = scenario_costs(before), new_costs = scenario_costs(after);
  for (std::size_t i = 0; i < all_scenarios.size(); ++i)
    if (new_costs[i] > old_costs[i] + cost_slack)
      return "the scenario `" + std::string(to_string(all_scenarios[i])) + "` would rebuild more than before";
  if (findings_of(after, rule) >= findings_of(before, rule)) return "the finding would still be there";
  const auto loud_before = loudness(before, rules);
  for (const auto& [other, count] : loudness(after, rules)) {
    const auto found = loud_before.find(other);
    if (other != &rule && count > (found == loud_before.end() ? 0 : found->second))
      return "the result would have a new finding of `" + std::string(other->id) + "`";
  }
  return {};
}

}  // namespace dockhew
