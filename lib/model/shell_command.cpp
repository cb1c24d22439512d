// What can be asked of a script that has been read, and of its commands: see model/script.hpp.
#include <algorithm>
#include <iterator>

#include "model/script.hpp"
#include "text/path.hpp"

namespace dockhew::inline model {

std::string command_name(const ShellWord& word) {
  if (!word.value.is_known()) return "";
  std::string name(path_basename(word.text()));
  const bool versioned = name.starts_with("pip") || name.starts_with("python");
  if (versioned)
    while (!name.empty() && (name.back() == '.' || ('0' <= name.back() && name.back() <= '9'))) name.pop_back();
  return name;
}

void ShellCommand::find_name() { name_ = words.empty() ? "" : command_name(words[0]); }

void ShellCommand::move_to(Span place) {
  span = place;
  for (auto& word : words) word.span = place;
  for (auto& word : wrappers) word.span = place;
  for (auto& assignment : assignments) assignment.value.span = place;
  for (auto& redirect : redirects) redirect.target.span = place;
}

bool ShellCommand::has_word(std::string_view word) const {
  return std::ranges::any_of(words, [&](const ShellWord& w) { return w.value.is(word); });
}

bool is_about_variables(std::string_view builtin) {
  constexpr std::string_view builtins[] = {"declare", "export", "local", "read", "readonly", "typeset", "unset"};
  return std::ranges::find(builtins, builtin) != std::end(builtins);
}

bool ShellCommand::may_change_variables() const {
  if (words.empty()) return !assignments.empty();
  return name_ == "set" || is_about_variables(name_);
}

void Script::find_setters() {
  for (std::uint32_t i = 0; i < commands.size(); ++i)
    if (commands[i].may_change_variables()) setters.push_back(i);
}

std::optional<std::string> path_of(const ShellCommand& command, const ShellWord& word) {
  if (!word.value.is_known() || word.text().empty() || word.raw.starts_with('~')) return std::nullopt;
  if (!command.directory.is_known() && !word.text().starts_with('/')) return std::nullopt;
  return resolve_in_clean(command.directory.text, word.text());
}

bool exclude_each_other(const ShellCommand& a, const ShellCommand& b) {
  return std::ranges::any_of(a.branches, [&](const ShellBranch& branch) {
    return std::ranges::any_of(b.branches, [&](const ShellBranch& other) {
      return branch.compound == other.compound && branch.branch != other.branch;
    });
  });
}

bool Script::is_straight() const {
  return !opaque && std::ranges::all_of(chain, [](const ChainElement& element) {
    return element.joint != Joint::or_if && element.joint != Joint::background;
  });
}

}  // namespace dockhew::inline model
