#include "ecosystems/script_values.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string_view>

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";

using Names = std::set<std::string, std::less<>>;

std::string_view name_at(std::string_view text, std::size_t begin) {
  const auto rest = text.substr(std::min(begin, text.size()));
  return rest.substr(0, rest.find_first_not_of(letters));
}

// Calls `visit` with each name of a variable that a word has in it.
template <typename Visit>
void for_each_variable(std::string_view raw, const Visit& visit) {
  for (auto at = raw.find('$'); at != raw.npos; at = raw.find('$', at + 1)) {
    auto begin = at + 1;
    while (begin < raw.size() && (raw[begin] == '{' || raw[begin] == '!' || raw[begin] == '#')) ++begin;
    if (const auto name = name_at(raw, begin); !name.empty()) visit(name);
  }
}

// Of the outermost functions, in order: none overlaps another.
std::vector<Span> function_spans(const Script& script) {
  std::vector<Span> spans;
  for (const auto& node : script.shell.tree.nodes)
    if (node.kind == ShellKind::function && (spans.empty() || spans.back().end <= node.begin))
      spans.push_back(node.span());
  return spans;
}

bool stands_in(const ShellCommand& command, const std::vector<Span>& spans) {
  const auto after = std::ranges::upper_bound(spans, command.span.begin, {}, &Span::begin);
  return after != spans.begin() && command.span.begin < std::prev(after)->end;
}

bool is_change_of_directory(const ShellCommand& command) {
  return command.name() == "cd" || command.name() == "pushd" || command.name() == "popd";
}

// What a script does to its variables.
struct Variables {
  Names assigned, unsure, exported;
  std::map<std::string, std::size_t, std::less<>> setters;  // of those assigned once, indices of commands
  bool any = false;                                         // all of them may have any value
};

void add(Variables& variables, std::string_view name, std::size_t setter, bool sure) {
  if (name.empty() || name.find_first_not_of(letters) != name.npos) return;
  const bool again = !variables.assigned.emplace(name).second;
  variables.setters.emplace(name, setter);
  if (again || !sure) variables.unsure.emplace(name);
}

// `for NAME in`, `select NAME in`, `${NAME:=value}`, `((NAME += 1))`
void add_hidden(std::string_view text, Variables& variables) {
  for (const std::string_view keyword : {"for ", "select "})
    for (auto at = text.find(keyword); at != text.npos; at = text.find(keyword, at + 1))
      add(variables, name_at(text, at + keyword.size()), 0, false);
  for (auto at = text.find("${"); at != text.npos; at = text.find("${", at + 1)) {
    const auto name = name_at(text, at + 2);
    const auto rest = text.substr(at + 2 + name.size());
    if (rest.starts_with('=') || rest.starts_with(":=")) add(variables, name, 0, false);
  }
  for (auto at = text.find("(("); at != text.npos; at = text.find("((", at + 1)) {
    const auto end = std::min(text.find("))", at), text.size());
    for (auto i = at; i < end; ++i)
      if (const auto name = name_at(text, i); !name.empty()) add(variables, name, 0, false), i += name.size();
  }
}

void add_builtin(const ShellCommand& command, std::size_t index, bool sure, Variables& variables) {
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    const std::string_view raw = command.words[i].raw;
    if (raw.starts_with('-')) continue;
    const auto equals = raw.find('=');
    const auto name = raw.substr(0, equals);
    const bool exports = command.name() == "export";
    if (exports && sure) variables.exported.emplace(name);
    if (exports && !sure) add(variables, name, index, false);
    if (!exports || equals != raw.npos) add(variables, name, index, sure && exports);
  }
}

Variables find_variables(const Script& script) {
  constexpr std::string_view assigning[] = {".", "eval", "getopts", "let", "mapfile", "readarray", "source"};
  Variables variables;
  for (std::size_t i = 0; i < script.commands.size(); ++i) {
    const auto& command = script.commands[i];
    const bool sure = !command.conditional && !command.piped && !command.nested;
    if (command.words.empty())
      for (const auto& assignment : command.assignments) add(variables, assignment.name, i, sure);
    else if (is_about_variables(command.name())) add_builtin(command, i, sure, variables);
    variables.any |= std::ranges::find(assigning, command.name()) != std::end(assigning) ||
                     (command.name() == "printf" && command.has_word("-v")) ||
                     (command.name() == "set" && command.words.size() > 1 && command.words[1].raw == "-a");
  }
  add_hidden(script.text.view(), variables);
  // `A=$1; B=$A/bin`
  constexpr int most_passes = 16;  // names that take each other's values in the wrong order
  int passes = 0;
  for (bool more = true; more && !variables.any;) {
    more = false;
    variables.any = ++passes > most_passes;
    for (const auto& [name, setter] : variables.setters) {
      if (variables.unsure.contains(name)) continue;
      const auto& command = script.commands[setter];
      const auto takes_unsure = [&](const ShellWord& word) {
        bool found = false;
        for_each_variable(word.raw, [&](std::string_view other) { found |= variables.unsure.contains(other); });
        return found;
      };
      const bool unsure = std::ranges::any_of(command.words, takes_unsure) ||
                          std::ranges::any_of(command.assignments, [&](const ShellAssignment& assignment) {
                            return takes_unsure(assignment.value);
                          });
      if (unsure) variables.unsure.insert(name), more = true;
    }
  }
  return variables;
}

bool mentions(std::string_view raw, const Names& names, bool any) {
  bool found = false;
  for_each_variable(raw, [&](std::string_view name) { found |= any || names.contains(name); });
  return found;
}

void make_unknown(ShellCommand& command) {
  for (auto& word : command.words) word.value = Value::unknown();
  for (auto& redirect : command.redirects) redirect.target.value = Value::unknown();
  for (auto& assignment : command.assignments) assignment.value.value = Value::unknown();
  command.find_name();
}

void forget_words(ShellCommand& command, const Names& names, bool any) {
  const auto forget = [&](ShellWord& word) {
    if (mentions(word.raw, names, any)) word.value = Value::unknown();
  };
  for (auto& word : command.words) forget(word);
  for (auto& redirect : command.redirects) forget(redirect.target);
  for (auto& assignment : command.assignments) forget(assignment.value);
  command.find_name();
}

// The words of `sh -c "…"` have been expanded.
void forget_in_strings(Script& script, const Variables& variables, const std::vector<Span>& functions) {
  std::vector<Span> unsure;
  for (const auto& command : script.commands) {
    const auto& names = stands_in(command, functions) ? variables.assigned : variables.unsure;
    for (const auto& word : command.words)
      if (!command.nested && mentions(word.raw, names, variables.any)) unsure.push_back(word.span);
  }
  for (auto& command : script.commands)
    if (command.nested && std::ranges::find(unsure, command.span) != unsure.end()) make_unknown(command);
}

// `cd build || mkdir build && cd build`: by the text of its line before it.
bool follows_alternative(std::string_view text, const ShellCommand& command) {
  auto begin = text.rfind('\n', command.span.begin);
  while (begin != text.npos && begin > 0 && (text[begin - 1] == '\\' || text[begin - 1] == '|'))
    begin = text.rfind('\n', begin - 1);
  const auto from = begin == text.npos ? 0 : begin;
  return text.substr(from, command.span.begin - from).find("||") != text.npos;
}

void forget_directories(Script& script, const Names& unsure, bool any, const std::vector<Span>& functions) {
  bool moves = false, moves_in_function = false;
  for (const auto& command : script.commands) {
    moves |= is_change_of_directory(command);
    moves_in_function |= is_change_of_directory(command) && stands_in(command, functions);
  }
  bool lost = moves_in_function;
  for (auto& command : script.commands) {
    if (lost || (moves && stands_in(command, functions))) command.directory = Value::unknown();
    if (!is_change_of_directory(command)) continue;
    const bool plain = command.words.size() == 2 && command.words[1].value.is_known() && command.words[1].raw != "-" &&
                       !mentions(command.words[1].raw, unsure, any) &&
                       !follows_alternative(script.text.view(), command);
    const bool absolute = plain && command.words[1].text().starts_with('/') && !command.conditional && !command.piped;
    if (!plain) lost = true;
    else if (absolute) lost = moves_in_function;
  }
}

}  // namespace

void forget_unsure_values(Script& script) {
  const auto variables = find_variables(script);
  const auto functions = function_spans(script);
  forget_directories(script, variables.unsure, variables.any, functions);
  forget_in_strings(script, variables, functions);
  for (auto& command : script.commands)
    if (!command.nested)
      forget_words(command, stands_in(command, functions) ? variables.assigned : variables.unsure, variables.any);
}

bool attach_variables(Script& script, const ValueLookup& is_set) {
  constexpr std::size_t most_assignments = 1U << 15U;
  const auto variables = find_variables(script);
  if (variables.assigned.size() * script.commands.size() > most_assignments) return false;
  const auto functions = function_spans(script);
  const auto value_of = [&](std::string_view name) -> std::optional<Value> {
    const auto& setter = script.commands[variables.setters.find(name)->second];
    for (const auto& assignment : setter.assignments)
      if (setter.words.empty() && assignment.name == name) return assignment.value.value;
    for (const auto& word : setter.words)
      if (word.raw.starts_with(std::string(name) + '='))
        return word.value.is_known() ? Value::known(word.text().substr(name.size() + 1)) : Value::unknown();
    return std::nullopt;
  };
  for (std::size_t i = script.commands.size(); i-- > 0;) {
    auto& command = script.commands[i];
    if (command.words.empty() || command.may_change_variables()) continue;
    std::vector<ShellAssignment> set;
    for (const auto& name : variables.assigned) {
      ShellAssignment assignment{name, {command.span, Value::unknown(), {}}};
      if (!variables.unsure.contains(name) && !variables.any && !stands_in(command, functions)) {
        const auto given = is_set(name);
        if (variables.setters.find(name)->second > i) continue;
        if (!variables.exported.contains(name) && given.state == Value::State::undefined) continue;
        if (variables.exported.contains(name) || given.is_known())
          assignment.value.value = value_of(name).value_or(Value::unknown());
      }
      set.push_back(std::move(assignment));
    }
    command.assignments.insert(command.assignments.begin(), std::make_move_iterator(set.begin()),
                               std::make_move_iterator(set.end()));
  }
  return true;
}

std::set<std::string> functions_of(const Script& script) {
  std::set<std::string> names;
  for (const auto& node : script.shell.tree.nodes) {
    if (node.kind != ShellKind::function) continue;
    auto text = script.text.view(node.span());
    constexpr std::string_view keyword = "function ";
    if (text.starts_with(keyword)) text.remove_prefix(keyword.size());
    text.remove_prefix(std::min(text.find_first_not_of(" \t\n"), text.size()));
    names.emplace(text.substr(0, text.find_first_of(" \t\n(){")));
  }
  return names;
}

}  // namespace dockhew::inline ecosystems
