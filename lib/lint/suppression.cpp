#include "lint/suppression.hpp"

#include <algorithm>
#include <optional>

#include "lint/rule.hpp"
#include "text/utf8.hpp"

namespace dockhew {
namespace {

struct IgnoreComment {
  Suppression::Reach reach = Suppression::Reach::next;
  std::vector<std::string> names;
};

// "# dockhew ignore=a,b: reason" → the names; nothing for any other comment.
std::optional<IgnoreComment> parse_comment(std::string_view comment) {
  auto text = trim_unicode(comment.substr(1));
  const auto skip = [&](std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    text = trim_left_unicode(text.substr(prefix.size()));
    return true;
  };
  // ShellCheck's own comment, for those inside of a RUN, where the builder leaves comments out of the script.
  const bool shellcheck = skip("shellcheck ");
  if (!shellcheck && !skip("dockhew ") && !skip("hadolint ")) return std::nullopt;
  IgnoreComment result;
  if (skip("global ")) result.reach = Suppression::Reach::file;
  else if (skip("stage ")) result.reach = Suppression::Reach::stage;
  if (!skip(shellcheck ? "disable" : "ignore") || !skip("=")) return std::nullopt;
  for (;;) {
    const auto end = std::min(text.find_first_of(", \t:;"), text.size());
    if (end > 0) result.names.emplace_back(text.substr(0, end));
    text = trim_left_unicode(text.substr(end));
    if (!skip(",")) break;
  }
  return result;
}

Span stage_behind(const Dockerfile& file, std::uint32_t position) {
  const auto end = static_cast<std::uint32_t>(file.source().size()) + 1;
  for (const auto& stage : file.stages()) {
    if (stage.implicit || stage.from->span.begin < position) continue;
    const auto next = stage.index + 1;
    return {stage.from->span.begin, next < file.stages().size() ? file.stages()[next].from->span.begin : end};
  }
  return {end, end};
}

// The line behind a comment inside of an instruction, other comments skipped.
Span next_line(std::string_view source, std::uint32_t position) {
  auto begin = source.find('\n', position);
  while (begin != source.npos) {
    ++begin;
    const auto first = source.find_first_not_of(" \t", begin);
    if (first == source.npos || source[first] != '#') break;
    begin = source.find('\n', begin);
  }
  if (begin == source.npos) begin = source.size();
  const auto end = std::min(source.find('\n', begin), source.size());
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end) + 1};
}

bool silences(const Suppression& suppression, const Finding& finding, const std::string& name) {
  const bool inside = suppression.scope.begin <= finding.span.begin && finding.span.begin < suppression.scope.end;
  return inside && answers_to(finding, name);
}

// What the builder rejects cannot be ignored, unless hadolint has a rule for it that can.
bool can_be_silenced(const Finding& finding) {
  return finding.rule->check != nullptr || (!finding.aliases.empty() && finding.aliases[0] != "DL1000");
}

bool is_hadolint_code(std::string_view name) { return name.starts_with("DL"); }

// Whether it could have silenced something: its rule ran. What ShellCheck finds is not known here.
bool is_judged(const std::string& name, std::span<const Rule* const> rules) {
  if (name.starts_with("SC")) return false;
  const auto named = [&](const Rule* rule) { return rule->has_name(name); };
  if (std::ranges::any_of(all_rules(), named)) return std::ranges::any_of(rules, named);
  return !is_hadolint_code(name) && name != "syntax-error" && name != "instruction-error" && name != "conversion-error";
}

}  // namespace

std::vector<Suppression> find_suppressions(const Dockerfile& file) {
  std::vector<Suppression> result;
  std::vector<std::size_t> waiting;  // for their instruction
  const auto& nodes = file.document().lines().tree.nodes;
  std::uint32_t instruction_end = 0;
  for (const auto& node : nodes) {
    if (node.kind == LineKind::instruction) {
      for (const auto i : waiting) result[i].scope = node.span();
      waiting.clear();
      instruction_end = node.span().end;
    }
    if (node.kind != LineKind::comment) continue;
    auto comment = parse_comment(slice(file.source(), node.span()));
    if (!comment || comment->names.empty()) continue;
    Suppression suppression{comment->reach, std::move(comment->names), {}, node.span()};
    if (suppression.reach == Suppression::Reach::file)
      suppression.scope = {0, static_cast<std::uint32_t>(file.source().size()) + 1};
    else if (suppression.reach == Suppression::Reach::stage) suppression.scope = stage_behind(file, node.span().begin);
    else if (node.span().begin < instruction_end) suppression.scope = next_line(file.source(), node.span().begin);
    else waiting.push_back(result.size());
    result.push_back(std::move(suppression));
  }
  return result;
}

std::vector<UnusedName> remove_suppressed(std::span<const Suppression> suppressions, std::span<const Rule* const> rules,
                                          std::vector<Finding>& findings) {
  std::vector<UnusedName> unused;
  if (suppressions.empty()) return unused;
  for (std::size_t i = 0; i < suppressions.size(); ++i)
    for (const auto& name : suppressions[i].names) {
      const bool used = std::ranges::any_of(findings, [&](const Finding& finding) {
        return can_be_silenced(finding) && silences(suppressions[i], finding, name);
      });
      if (!used && is_judged(name, rules)) unused.push_back({i, name});
    }
  std::erase_if(findings, [&](const Finding& finding) {
    return can_be_silenced(finding) && std::ranges::any_of(suppressions, [&](const Suppression& suppression) {
             return std::ranges::any_of(suppression.names,
                                        [&](const std::string& name) { return silences(suppression, finding, name); });
           });
  });
  return unused;
}

}  // namespace dockhew
