#include "lint/suppression.hpp"

#include <algorithm>

#include "lint/rule.hpp"
#include "text/utf8.hpp"

namespace dockhew {
namespace {

struct Suppression {
  std::vector<std::string> names;
  Span scope;  // findings that begin here are silent
};

// "# dockhew ignore=a,b: reason" → the names; nothing for any other comment.
std::vector<std::string> ignored_names(std::string_view comment, bool& global) {
  std::vector<std::string> names;
  auto text = trim_unicode(comment.substr(1));
  const auto skip = [&](std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    text = trim_left_unicode(text.substr(prefix.size()));
    return true;
  };
  if (!skip("dockhew ") && !skip("hadolint ")) return names;
  global = skip("global ");
  if (!skip("ignore")) return names;
  if (!skip("=")) return names;
  for (;;) {
    const auto end = std::min(text.find_first_of(", \t:;"), text.size());
    if (end > 0) names.emplace_back(text.substr(0, end));
    text = trim_left_unicode(text.substr(end));
    if (!skip(",")) break;
  }
  return names;
}

std::vector<Suppression> find_suppressions(const Dockerfile& file) {
  std::vector<Suppression> result;
  std::vector<std::string> next;  // names that wait for their instruction
  const auto& tree = file.document().lines().tree;
  for (std::uint32_t i = 0; i < tree.nodes.size(); ++i) {
    const auto& node = tree.nodes[i];
    if (node.kind == LineKind::comment) {
      bool global = false;
      auto names = ignored_names(slice(file.source(), node.span()), global);
      if (global) result.push_back({std::move(names), {0, static_cast<std::uint32_t>(file.source().size()) + 1}});
      else next.insert(next.end(), names.begin(), names.end());
    } else if (node.kind == LineKind::instruction) {
      if (!next.empty()) result.push_back({std::move(next), node.span()});
      next.clear();
    }
  }
  return result;
}

}  // namespace

void remove_suppressed(const Dockerfile& file, std::vector<Finding>& findings) {
  if (findings.empty()) return;
  const auto suppressions = find_suppressions(file);
  std::erase_if(findings, [&](const Finding& finding) {
    // What the builder rejects cannot be ignored, unless hadolint has a rule for it that can.
    const bool can_be = finding.rule->check != nullptr || (!finding.aliases.empty() && finding.aliases[0] != "DL1000");
    return can_be && std::ranges::any_of(suppressions, [&](const Suppression& suppression) {
             const bool inside =
                 suppression.scope.begin <= finding.span.begin && finding.span.begin < suppression.scope.end;
             return inside && std::ranges::any_of(suppression.names,
                                                  [&](const std::string& name) { return answers_to(finding, name); });
           });
  });
}

}  // namespace dockhew
