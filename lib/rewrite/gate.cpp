#include "rewrite/gate.hpp"

#include <algorithm>

#include "flow/lost_artifacts.hpp"
#include "lint/lint.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline rewrite {
namespace {

// Steps that only copy or set metadata are not worth a rejection; neither are rounding errors.
constexpr double cost_slack = 1.5;
constexpr double relative_slack = 0.02;

bool is_meant_to_change(std::span<const Candidate> applied, const std::string& part) {
  return std::ranges::any_of(applied, [&](const Candidate& candidate) {
    return std::ranges::find(candidate.fix->changes, part) != candidate.fix->changes.end();
  });
}

std::string lost_comment(const Assessment& before, const Assessment& after, std::span<const Candidate> applied) {
  for (const auto& [text, count] : before.comments) {
    if (is_meant_to_change(applied, text)) continue;
    const auto found = after.comments.find(text);
    if (found == after.comments.end() || found->second < count) return text;
  }
  return {};
}

std::size_t count_of(const std::map<const Rule*, std::size_t>& counts, const Rule* rule) {
  const auto found = counts.find(rule);
  return found == counts.end() ? 0 : found->second;
}

std::string shortened(const std::string& command) {
  constexpr std::size_t longest = 40;
  const auto line = command.substr(0, command.find_first_of("\n\\"));
  return line.size() <= longest && line.size() == command.size() ? line
                                                                 : line.substr(0, line.rfind(' ', longest)) + " …";
}

// When such a build is made.
std::string_view occasion(Scenario scenario) {
  switch (scenario) {
    case Scenario::first_build: return "the first build";
    case Scenario::nothing_changed: return "a build where nothing has changed";
    case Scenario::source_changed: return "a build after a change of the source";
    case Scenario::dependencies_changed: return "a build after a change of the dependencies";
  }
  return "";
}

}  // namespace

Assessment assess(const Dockerfile& file, std::span<const Rule* const> rules, const RuleOptions& options) {
  Assessment result;
  result.findings =
      lint_file(file, LintSettings{.rules = {rules.begin(), rules.end()}, .options = options, .with_off = true});
  for (const auto& finding : result.findings) {
    ++result.counts[finding.rule];
    result.shown[finding.rule] += finding.severity != Severity::off;
    // The cost of a result is compared separately; what counts here is whether it is right.
    const auto category = finding.rule->category;
    const bool priced = category == Category::speed || category == Category::size || category == Category::style;
    if (finding.severity >= Severity::warning && !priced) result.loud.emplace(finding.rule->id, finding.rule);
  }
  result.configuration = final_configuration(file);
  result.costs = scenario_costs(file, options.builder);
  for (const auto& node : file.document().lines().tree.nodes)
    if (node.kind == LineKind::comment) ++result.comments[std::string(trim_unicode(slice(file.source(), node.span())))];
  result.syntax_errors = result.counts[&syntax_error_rule] + result.counts[&instruction_error_rule] +
                         result.counts[&conversion_error_rule];
  for (const auto& stage : file.stages()) {
    for (const auto& step : stage.steps) {
      if (step.script) result.shell_errors += step.script->shell.errors.size();
      if (step.copy && !step.copy->from_context() && !step.copy->stage) result.external_sources.insert(step.copy->from);
    }
  }
  const auto lost = find_lost_artifacts(file);
  result.lost_artifacts = lost.size();
  if (!lost.empty()) result.first_lost = lost.front().path;
  result.removals = find_removals(file);
  return result;
}

std::string check_gate(const Assessment& before, const Assessment& after, std::span<const Candidate> applied) {
  if (after.syntax_errors > before.syntax_errors) return "the result has a new syntax error";
  if (after.shell_errors > before.shell_errors) return "the shell of a changed RUN no longer parses";
  if (!std::ranges::includes(before.external_sources, after.external_sources))
    return "a COPY --from would no longer name a stage";
  const bool changes_base = std::ranges::any_of(applied, [](const Candidate& c) { return c.fix->changes_base; });
  auto changed = differences(before.configuration, after.configuration, changes_base);
  std::erase_if(changed, [&](const std::string& part) { return is_meant_to_change(applied, part); });
  if (!changed.empty())
    return "the image's configuration would change: " + changed.front() +
           (changed.front() == "WORKDIR" ? "; set it with an absolute path" : "");
  if (after.lost_artifacts > before.lost_artifacts) return "`" + after.first_lost + "` would be lost in a cache mount";
  if (const auto comment = lost_comment(before, after, applied); !comment.empty())
    return "the comment `" + comment + "` would be lost";
  // With other fixes, what each of them costs could not be told apart.
  const bool adds_work = std::ranges::all_of(applied, [](const Candidate& c) { return c.fix->adds_work; });
  for (std::size_t i = 0; i < all_scenarios.size(); ++i) {
    if (adds_work && all_scenarios[i] == Scenario::first_build) continue;
    if (after.costs[i] > before.costs[i] + std::max(cost_slack, before.costs[i] * relative_slack))
      return std::string(occasion(all_scenarios[i])) + " would run more than before";
  }
  if (const auto late = new_late_removal(before.removals, after.removals))
    // What makes it may be written otherwise by now, but not its name.
    return "the image would grow: `" + shortened(late->remover) + "` would come too late for what `" +
           late->maker.substr(0, late->maker.find(' ')) + "` leaves in an earlier layer";
  for (const auto& [finding, fix] : applied)
    if (count_of(after.counts, finding->rule) >= count_of(before.counts, finding->rule) &&
        count_of(after.shown, finding->rule) >= count_of(before.shown, finding->rule))
      return "another part of the file would need the same change afterwards, so nothing is gained";
  // What no build reached is worth saying when one does.
  const bool mends_build = std::ranges::any_of(applied, [](const Candidate& c) { return ends_build(*c.finding); });
  for (const auto& loud : after.loud) {
    const Rule* rule = loud.second;
    const bool asked = std::ranges::any_of(applied, [&](const Candidate& c) { return c.finding->rule == rule; });
    const bool was_there = before.loud.contains(rule->id) || (mends_build && count_of(before.counts, rule) > 0);
    if (!asked && !was_there)
      return "the changed file would have a problem that it has not now: " + std::string(rule->summary);
  }
  return {};
}

}  // namespace dockhew::inline rewrite
