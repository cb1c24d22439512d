#include "lint/suppression.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "lint/rule.hpp"
#include "text/limits.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline lint {
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
  // ShellCheck's own comment, for use inside a RUN, where the builder removes comments from the script.
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

// Rules that are named at the beginning of a text, in any of the ways in which people list them. Prose names none.
std::string names_at(std::string_view text) {
  std::string names;
  for (;;) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t=:,;[("), text.size()));
    const auto name = text.substr(0, text.find_first_of(" \t=:,;])"));
    if (name.empty() || find_rule(name) == nullptr) return names;
    names.append(names.empty() ? "" : ",").append(name);
    text.remove_prefix(name.size());
  }
}

// "# dockhew: disable DL3008" → "# dockhew ignore=DL3008"; empty for a comment that silences something, and for prose.
std::string meant_by(std::string_view comment) {
  constexpr std::string_view verbs[] = {"ignores", "ignored", "ignore", "disable", "suppress", "skip", "noqa", "allow"};
  auto text = trim_unicode(comment.substr(1));
  const auto skip = [&](std::string_view word) {
    if (text.size() < word.size() || !equals_ignoring_case(text.substr(0, word.size()), word)) return false;
    text.remove_prefix(word.size());
    return true;
  };
  const auto skip_signs = [&] { text.remove_prefix(std::min(text.find_first_not_of(" \t:-,@"), text.size())); };
  const std::string tool = skip("dockhew") ? "dockhew" : skip("hadolint") ? "hadolint" : "";
  if (tool.empty()) return {};
  skip_signs();
  const std::string reach = skip("global") ? "global " : skip("stage") ? "stage " : "";
  skip_signs();
  if (std::ranges::none_of(verbs, skip)) return {};
  const auto written = parse_comment(comment);
  if (written && !written->names.empty()) return {};
  const auto names = names_at(text);
  if (names.empty() && !written) return {};
  return "# " + tool + ' ' + reach + "ignore=" + (names.empty() ? "RULE" : names);
}

Span stage_after(const Dockerfile& file, std::uint32_t position) {
  const auto end = static_cast<std::uint32_t>(file.source().size()) + 1;
  const auto& stages = file.stages();
  const auto begin_of = [](const Stage& stage) { return stage.implicit ? 0 : stage.from->span.begin; };
  auto stage = std::ranges::lower_bound(stages, position, {}, begin_of);
  if (stage != stages.end() && stage->implicit) ++stage;
  if (stage == stages.end()) return {end, end};
  const auto next = std::next(stage);
  return {begin_of(*stage), next != stages.end() ? begin_of(*next) : end};
}

// The line after a comment inside an instruction, skipping other comments.
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

bool is_hadolint_code(std::string_view name) { return name.starts_with("DL"); }

// Whether it could have silenced something, that is, its rule ran. ShellCheck's findings are not known here.
bool is_judged(const std::string& name, std::span<const Rule* const> rules) {
  if (name.starts_with("SC")) return false;
  const auto named = [&](const Rule* rule) { return rule->has_name(name); };
  if (std::ranges::any_of(all_rules(), named)) return std::ranges::any_of(rules, named);
  return !is_hadolint_code(name) && name != "syntax-error" && name != "instruction-error" && name != "conversion-error";
}

// Which suppressions a finding meets, by name and place. Those of one name that reach over the same text are one, and
// of one kind no two overlap, so a question costs the logarithm of their number and not their number.
class Silences {
 public:
  explicit Silences(std::span<const Suppression> suppressions) {
    for (const auto& suppression : suppressions)
      for (const auto& name : suppression.names)
        by_name_[to_lower_ascii(name)][kind_of(suppression)].try_emplace(suppression.scope.begin,
                                                                         Reached{suppression.scope.end, false});
  }

  // Marks what silences a finding as used.
  bool silence(const Finding& finding) {
    bool found = false;
    const auto ask = [&](std::string_view written) {
      const auto lower = to_lower_ascii(written);
      const auto name = by_name_.find(lower);
      if (name != by_name_.end() && answers_to(finding, lower)) found |= reach(name->second, finding.span.begin);
    };
    ask(finding.rule->id);
    for (const auto& alias : finding.aliases) ask(alias);
    if (!finding.aliases.empty()) return found;
    for (const auto alias : finding.rule->aliases) {
      ask(alias);
      if (!alias.ends_with('?')) continue;  // any code of ShellCheck
      for (auto name = by_name_.lower_bound("sc"); name != by_name_.end() && name->first.starts_with("sc"); ++name)
        if (answers_to(finding, name->first)) found |= reach(name->second, finding.span.begin);
    }
    return found;
  }

  bool is_used(const Suppression& suppression, const std::string& name) const {
    return by_name_.at(to_lower_ascii(name))[kind_of(suppression)].at(suppression.scope.begin).used;
  }

 private:
  struct Reached {
    std::uint32_t end;
    bool used;
  };
  using ByKind = std::array<std::map<std::uint32_t, Reached>, 4>;  // by where their scopes begin

  static std::size_t kind_of(const Suppression& suppression) {
    return suppression.inside ? 3 : static_cast<std::size_t>(suppression.reach);
  }

  static bool reach(ByKind& kinds, std::uint32_t position) {
    bool found = false;
    for (auto& scopes : kinds) {
      const auto after = scopes.upper_bound(position);
      if (after == scopes.begin()) continue;
      auto& [begin, reached] = *std::prev(after);
      if (position >= reached.end) continue;
      reached.used = found = true;
    }
    return found;
  }

  std::map<std::string, ByKind, std::less<>> by_name_;
};

}  // namespace

bool can_be_silenced(const Finding& finding) {
  return finding.rule->check != nullptr || (!finding.aliases.empty() && finding.aliases[0] != "DL1000");
}

std::vector<std::string> ignored_names(std::string_view comment) {
  auto found = parse_comment(comment);
  return found ? std::move(found->names) : std::vector<std::string>();
}

std::vector<Suppression> find_suppressions(const Dockerfile& file) {
  std::vector<Suppression> result;
  std::vector<std::size_t> waiting;  // for their instruction
  const auto& nodes = file.document().lines().tree.nodes;
  std::uint32_t instruction_end = 0;
  Span line;  // after the comment
  for (const auto& node : nodes) {
    if (result.size() == limits::instructions_read) break;
    if (node.kind == LineKind::instruction) {
      for (const auto i : waiting) result[i].scope = node.span();
      waiting.clear();
      instruction_end = node.span().end;
    }
    if (node.kind != LineKind::comment) continue;
    auto comment = parse_comment(slice(file.source(), node.span()));
    if (!comment || comment->names.empty()) continue;
    Suppression suppression{comment->reach, false, std::move(comment->names), {}, node.span()};
    const auto begin = node.span().begin;
    if (suppression.reach == Suppression::Reach::file) {
      suppression.scope = {0, static_cast<std::uint32_t>(file.source().size()) + 1};
    } else if (suppression.reach == Suppression::Reach::stage) {
      suppression.scope = stage_after(file, begin);
    } else if (begin < instruction_end) {
      // Several comments in a row all mean the line after the last.
      if (line.begin <= begin) line = next_line(file.source(), begin);
      suppression.inside = true;
      suppression.scope = line;
    } else {
      waiting.push_back(result.size());
    }
    result.push_back(std::move(suppression));
  }
  return result;
}

std::vector<MalformedSuppression> find_malformed_suppressions(const Dockerfile& file) {
  std::vector<MalformedSuppression> result;
  for (const auto& node : file.document().lines().tree.nodes) {
    if (node.kind != LineKind::comment) continue;
    if (result.size() == limits::instructions_read) break;
    if (auto meant = meant_by(slice(file.source(), node.span())); !meant.empty())
      result.push_back({node.span(), std::move(meant)});
  }
  return result;
}

std::vector<MalformedSuppression> find_trailing_suppressions(const Dockerfile& file) {
  std::vector<MalformedSuppression> result;
  for (const auto& instruction : file.instructions()) {
    const auto text = instruction.arguments_text.view();
    for (auto at = text.find('#'); at != text.npos; at = text.find('#', at + 1)) {
      const auto before = text.substr(0, at);
      const bool in_quotes = std::ranges::count(before, '"') % 2 == 1 || std::ranges::count(before, '\'') % 2 == 1;
      if (at == 0 || (text[at - 1] != ' ' && text[at - 1] != '\t') || in_quotes) continue;
      const auto comment = text.substr(at, text.find_first_of("\r\n", at) - at);
      const auto first = trim_unicode(comment.substr(1));
      if (!first.starts_with("dockhew") && !first.starts_with("hadolint")) continue;
      const auto written = parse_comment(comment);
      auto meant = written && !written->names.empty() ? std::string(comment) : meant_by(comment);
      if (meant.empty()) continue;
      const Span span{static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + comment.size())};
      result.push_back({instruction.arguments_text.to_source(span), std::move(meant)});
      break;
    }
    if (result.size() == limits::instructions_read) break;
  }
  return result;
}

std::vector<UnusedName> remove_suppressed(std::span<const Suppression> suppressions, std::span<const Rule* const> rules,
                                          std::vector<Finding>& findings) {
  std::vector<UnusedName> unused;
  if (suppressions.empty()) return unused;
  Silences silences(suppressions);
  std::erase_if(findings,
                [&](const Finding& finding) { return can_be_silenced(finding) && silences.silence(finding); });
  for (std::size_t i = 0; i < suppressions.size(); ++i)
    for (const auto& name : suppressions[i].names)
      if (!silences.is_used(suppressions[i], name) && is_judged(name, rules)) unused.push_back({i, name});
  return unused;
}

}  // namespace dockhew::inline lint
