#include "model/branches.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>

namespace dockhew::inline model {
namespace {

// "[ a = b ]" and "test a != b".
std::optional<bool> compared(const ShellCommand& test) {
  auto words = std::span<const ShellWord>(test.words);
  if (words.empty() || (words[0].raw != "[" && words[0].raw != "[[" && words[0].raw != "test")) return std::nullopt;
  if (words[0].raw != "test") words = words.first(words.size() - 1);
  if (words.size() != 4 || !words[1].value.is_known() || !words[3].value.is_known()) return std::nullopt;
  const auto& sign = words[2].raw;
  const bool equal = words[1].text() == words[3].text();
  if (sign == "=" || sign == "==") return equal;
  return sign == "!=" ? std::optional(!equal) : std::nullopt;
}

// Whether the test is all that stands between `if` and `then`.
bool is_whole_condition(std::string_view text, Span test) {
  auto before = text.substr(0, test.begin);
  while (!before.empty() && (before.back() == ' ' || before.back() == '\t' || before.back() == '\n'))
    before.remove_suffix(1);
  const auto after = text.find_first_not_of(" \t\n;", test.end);
  return before.ends_with("if") && !before.ends_with("elif") && after != text.npos &&
         text.substr(after).starts_with("then");
}

// The command that decides about an `if`: the last before its first branch.
const ShellCommand* condition_of(const Script& script, std::uint32_t compound) {
  const auto inside = [&](const ShellCommand& command) {
    return std::ranges::any_of(command.branches,
                               [&](const ShellBranch& branch) { return branch.compound == compound; });
  };
  const auto first = std::ranges::find_if(script.commands, inside);
  if (first == script.commands.begin() || first == script.commands.end()) return nullptr;
  const auto& test = *std::prev(first);
  return !test.nested && is_whole_condition(script.text.view(), test.span) ? &test : nullptr;
}

}  // namespace

bool is_in_dead_branch(const Script& script, const ShellCommand& command) {
  return std::ranges::any_of(command.branches, [&](const ShellBranch& branch) {
    const auto* test = condition_of(script, branch.compound);
    const auto holds = test == nullptr ? std::nullopt : compared(*test);
    return holds && *holds != (branch.branch == 1);  // the first is numbered 1
  });
}

}  // namespace dockhew::inline model
