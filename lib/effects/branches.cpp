#include "effects/branches.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>

#include "effects/source_copy.hpp"
#include "model/runs.hpp"
#include "text/path.hpp"

namespace dockhew::inline effects {
namespace {

struct Condition {
  std::optional<bool> holds;  // nothing where that is not known
  bool about_file = false;
};

// Whether a file of the project is in the stage if it is in the context: nothing else may bring it.
bool only_context_brings(const Site& site, const std::string& path) {
  const auto may_bring = [&](const Site& earlier) {
    const auto& copy = earlier.step.copy;
    const bool copied =
        copy && !copy->from_context() && (!copy->destination.is_known() || path_is_under(path, copy->destination.text));
    return copied || has_bind_mount(earlier.step);
  };
  return site.context().is_known() && !site.any_earlier({"may bring from elsewhere ", path}, may_bring);
}

// "[ -f yarn.lock ]", "test ! -e .env"
Condition asked_for_file(const Site& site, const ShellCommand& test, std::span<const ShellWord> words) {
  const bool negated = words.size() == 4 && words[1].raw == "!";
  if (negated) words = words.subspan(1);
  if (words.size() != 3 || (words[1].raw != "-f" && words[1].raw != "-e") || !words[2].value.is_known()) return {};
  if (!test.directory.is_known()) return {};
  const auto path = resolve_path(test.directory.text, words[2].text());
  if (!only_context_brings(site, path)) return {};
  const bool there = file_in_context(site, path).has_value();
  return {there != negated, true};
}

// "[ a = b ]" and "test a != b".
Condition condition_of(const Site& site, const ShellCommand& test) {
  auto words = std::span<const ShellWord>(test.words);
  if (words.empty() || (words[0].raw != "[" && words[0].raw != "[[" && words[0].raw != "test")) return {};
  if (words[0].raw != "test") words = words.first(words.size() - 1);
  const bool compares = words.size() == 4 && words[1].value.is_known() && words[3].value.is_known();
  const bool equal = compares && words[1].text() == words[3].text();
  if (compares && (words[2].raw == "=" || words[2].raw == "==")) return {equal};
  if (compares && words[2].raw == "!=") return {!equal};
  return asked_for_file(site, test, words);
}

// Whether the test is all that stands between `if` or `elif` and `then`.
bool is_whole_condition(std::string_view text, Span test) {
  auto before = text.substr(0, test.begin);
  while (!before.empty() && (before.back() == ' ' || before.back() == '\t' || before.back() == '\n'))
    before.remove_suffix(1);
  const auto after = text.find_first_not_of(" \t\n;", test.end);
  return before.ends_with("if") && after != text.npos && text.substr(after).starts_with("then");
}

// What decides about a branch: the command before its first one. Nothing is known of `else`, and of an item of a
// `case`.
Condition condition_of(const Site& site, ShellBranch branch) {
  const auto& script = *site.step.script;
  const auto inside = [&](const ShellCommand& command) {
    return std::ranges::find(command.branches, branch) != command.branches.end();
  };
  const auto first = std::ranges::find_if(script.commands, inside);
  if (first == script.commands.begin() || first == script.commands.end()) return {};
  const auto& test = *std::prev(first);
  return !test.nested && is_whole_condition(script.text.view(), test.span) ? condition_of(site, test) : Condition();
}

// The branch does not run when its condition does not hold, or one before it does.
std::optional<Condition> refuted_by(const Site& site, ShellBranch branch) {
  constexpr std::uint32_t most_branches = 20;
  const auto own = condition_of(site, branch);
  if (own.holds && !*own.holds) return own;
  for (std::uint32_t earlier = 1; earlier < std::min(branch.branch, most_branches); ++earlier)
    if (const auto condition = condition_of(site, {branch.compound, earlier}); condition.holds && *condition.holds)
      return condition;
  return std::nullopt;
}

}  // namespace

Branch branch_of(const Site& site, const ShellCommand& command) {
  auto result = Branch::may_run;
  for (const auto& branch : command.branches)
    if (const auto condition = refuted_by(site, branch)) {
      if (condition->about_file) return Branch::dead_by_missing_file;
      result = Branch::dead_by_default;
    }
  return result;
}

}  // namespace dockhew::inline effects
