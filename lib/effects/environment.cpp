#include "effects/environment.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>

#include "effects/accounts.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline effects {
namespace {

// Whether what one command of a script does to the shell is there for a later one.
enum class Reach { none, maybe, sure };

bool stands_in(const ShellNode& node, Span place) { return node.begin <= place.begin && place.begin < node.end; }

// The child of a node that something stands in, and whether `||` joins anything before it, or anything at all does.
struct Part {
  bool joined = false, alternative = false;
};
Part part_of(const ShellTree& shell, std::uint32_t parent, Span place) {
  Part part;
  for (const auto child : children(shell.tree, parent)) {
    const auto& node = shell.tree.nodes[child];
    if (stands_in(node, place)) break;
    part.joined |= node.kind == ShellKind::and_if || node.kind == ShellKind::or_if;
    part.alternative |= node.kind == ShellKind::or_if;
  }
  return part;
}

bool has_child(const ShellTree& shell, std::uint32_t parent, ShellKind kind) {
  for (const auto child : children(shell.tree, parent))
    if (shell.tree.nodes[child].kind == kind) return true;
  return false;
}

// `list &`
bool is_in_background(const Script& script, std::uint32_t list, Span place) {
  bool after = false;
  for (const auto child : children(script.shell.tree, list)) {
    const auto& node = script.shell.tree.nodes[child];
    if (after && node.kind == ShellKind::separator) return script.text.view(node.span()) == "&";
    after |= stands_in(node, place);
  }
  return false;
}

// What a compound command that the setter stands in leaves of its effect to what follows it.
Reach reach_out_of(const Script& script, std::uint32_t index, Span setter) {
  const auto& shell = script.shell;
  switch (shell.tree.nodes[index].kind) {
    case ShellKind::subshell:
    case ShellKind::command_substitution:
    case ShellKind::process_substitution:
    case ShellKind::backquoted: return Reach::none;
    case ShellKind::pipeline: return has_child(shell, index, ShellKind::pipe) ? Reach::none : Reach::sure;
    case ShellKind::and_or: return part_of(shell, index, setter).joined ? Reach::maybe : Reach::sure;
    case ShellKind::list: return is_in_background(script, index, setter) ? Reach::none : Reach::sure;
    case ShellKind::if_clause:
    case ShellKind::loop:
    case ShellKind::for_clause:
    case ShellKind::case_clause:
    case ShellKind::case_item:
    case ShellKind::function: return Reach::maybe;
    default: return Reach::sure;
  }
}

// The same between two parts of one compound command.
Reach reach_within(const Script& script, std::uint32_t index, Span setter, Span command) {
  const auto& shell = script.shell;
  switch (shell.tree.nodes[index].kind) {
    case ShellKind::and_or:
      return part_of(shell, index, setter).joined && part_of(shell, index, command).alternative ? Reach::maybe
                                                                                                : Reach::sure;
    case ShellKind::list: return is_in_background(script, index, setter) ? Reach::none : Reach::sure;
    case ShellKind::pipeline: return Reach::none;
    case ShellKind::if_clause:
    case ShellKind::loop:
    case ShellKind::case_clause: return Reach::maybe;
    default: return Reach::sure;
  }
}

// The words of `sh -c '…'` all have the place of that string, and its tree is gone.
Reach reach_in_string(const ShellCommand& setter, const ShellCommand& command) {
  if (!command.nested || command.span != setter.span || setter.piped) return Reach::none;
  return setter.conditional ? Reach::maybe : Reach::sure;
}

Reach reach_of(const Script& script, const ShellCommand& setter, const ShellCommand& command) {
  if (setter.nested) return reach_in_string(setter, command);
  if (exclude_each_other(setter, command)) return Reach::none;
  const auto& nodes = script.shell.tree.nodes;
  std::optional<std::uint32_t> common;
  auto reach = Reach::sure;
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    if (!stands_in(nodes[i], setter.span)) continue;
    if (stands_in(nodes[i], command.span)) common = i;
    else reach = std::min(reach, reach_out_of(script, i, setter.span));
  }
  return common ? std::min(reach, reach_within(script, *common, setter.span, command.span)) : reach;
}

// What a command does to a variable of its shell.
struct Change {
  std::optional<Value> value;
  std::optional<bool> exported;
};

bool is_option_with(const ShellWord& word, char letter) {
  const auto& raw = word.raw;
  return raw.size() > 1 && raw[0] == '-' && raw[1] != '-' && raw.find(letter) != raw.npos;
}

bool has_option_with(const ShellCommand& command, char letter) {
  return std::ranges::any_of(command.words, [&](const ShellWord& word) { return is_option_with(word, letter); });
}

// `NAME` or `NAME=value`, as `export` takes them: the value, unknown where it is not known, undefined where none is
// given. Nothing when the word is about another variable.
std::optional<Value> named_value(const ShellWord& word, std::string_view name) {
  const std::string_view text = word.value.is_known() ? std::string_view(word.text()) : std::string_view(word.raw);
  const auto equals = text.find('=');
  if (text.substr(0, equals) != name) return std::nullopt;
  if (equals == text.npos) return Value();
  return word.value.is_known() ? Value::known(std::string(text.substr(equals + 1))) : Value::unknown();
}

std::optional<Change> change_by_builtin(const ShellCommand& command, std::string_view name) {
  const std::string_view builtin = command.name();
  if (!is_about_variables(builtin)) return std::nullopt;
  std::optional<Change> change;
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    const auto value = named_value(command.words[i], name);
    if (!value) continue;
    change = Change();
    if (value->state != Value::State::undefined) change->value = value;
    if (builtin == "read") change->value = Value::unknown();
    if (builtin == "unset") change = {Value(), false};
    if (builtin == "export") change->exported = !has_option_with(command, 'n');
    if (builtin == "declare" || builtin == "typeset")
      if (has_option_with(command, 'x')) change->exported = true;
  }
  if (builtin == "unset" && has_option_with(command, 'f')) return std::nullopt;
  return change;
}

std::optional<Change> change_by(const ShellCommand& command, std::string_view name) {
  if (!command.words.empty()) return change_by_builtin(command, name);
  std::optional<Change> change;
  for (const auto& assignment : command.assignments)
    if (assignment.name == name) change = {assignment.value.value, std::nullopt};
  return change;
}

// `set -a`: from here on what is assigned is exported.
bool exports_all(const ShellCommand& command) {
  return command.name() == "set" && (has_option_with(command, 'a') || command.has_word("allexport"));
}

// A variable of the shell while its script is followed.
class Tracker {
 public:
  Tracker(const Site& site, std::string_view name) : name_(name) {
    variable_.value = site.variable(name);
    if (site.stage.environment.find(name, site.step.bindings) != nullptr) variable_.setter = Setter::file;
    else if (name == "HOME" && variable_.value.is_unknown()) variable_.value = home_of(site);
    exported_ = variable_.value.is_known() || variable_.setter == Setter::file
                    ? Reach::sure
                    : (variable_.value.is_unknown() ? Reach::maybe : Reach::none);
  }

  void follow(const Script& script, const ShellCommand& earlier, const ShellCommand& command) {
    if (exports_all(earlier)) export_all_ = std::max(export_all_, reach_of(script, earlier, command));
    const auto change = change_by(earlier, name_);
    if (!change) return;
    const auto reach = reach_of(script, earlier, command);
    if (reach == Reach::none) return;
    if (change->value) variable_.value = reach == Reach::sure ? *change->value : Value::unknown();
    auto exported = change->exported ? (*change->exported ? Reach::sure : Reach::none) : exported_;
    if (!change->exported) exported = std::max(exported, export_all_);
    exported_ = reach == Reach::sure || exported == exported_ ? exported : Reach::maybe;
    variable_.setter = Setter::script;
    variable_.by = &earlier;
  }

  // `NAME=value command`, `env -u NAME command`. Of those the later one counts.
  void call(const ShellCommand& command) {
    std::uint32_t cleared = 0;
    bool clears = false;
    for (std::size_t i = 0; i < command.wrappers.size(); ++i) {
      const auto& word = command.wrappers[i];
      const bool all = word.raw == "-i" || word.raw == "-" || word.raw == "--ignore-environment";
      const bool one = word.raw == "-u" && i + 1 < command.wrappers.size() && command.wrappers[i + 1].raw == name_;
      if (!runs_env(command) || (!all && !one)) continue;
      set({}, command, Reach::none);
      cleared = word.span.begin, clears = true;
    }
    for (const auto& assignment : command.assignments)
      if (assignment.name == name_ && (!clears || assignment.value.span.begin > cleared))
        set(assignment.value.value, command, Reach::sure);
  }

  Variable result() const {
    auto variable = variable_;
    if (exported_ == Reach::none) variable.value = Value();
    if (exported_ == Reach::maybe) variable.value = Value::unknown();
    return variable;
  }

 private:
  static bool runs_env(const ShellCommand& command) {
    return std::ranges::find(command.wrappers, "env", &ShellWord::raw) != command.wrappers.end();
  }
  void set(Value value, const ShellCommand& command, Reach exported) {
    variable_ = {std::move(value), Setter::command, &command};
    exported_ = exported;
  }

  std::string_view name_;
  Variable variable_;
  Reach exported_ = Reach::none;  // sure when it is
  Reach export_all_ = Reach::none;
};

// The `sh -c '…'` that a command stands in.
const ShellCommand* caller_of(const Script& script, const ShellCommand& command) {
  const auto holds = [&](const ShellCommand& other) {
    return !other.nested && other.span.begin <= command.span.begin && command.span.end <= other.span.end;
  };
  const auto found = std::ranges::find_if(script.commands, holds);
  return command.nested && found != script.commands.end() ? &*found : nullptr;
}

constexpr std::array<std::string_view, 6> words_for_on = {"1", "on", "t", "true", "y", "yes"};
constexpr std::array<std::string_view, 7> words_for_off = {"", "0", "f", "false", "n", "no", "off"};

template <typename Words>
bool is_one_of(const Value& value, const Words& words) {
  return value.is_known() && std::ranges::find(words, to_lower_ascii(value.text)) != words.end();
}

}  // namespace

Variable find_variable(const Site& site, const ShellCommand& command, std::string_view name) {
  Tracker tracker(site, name);
  const auto& script = *site.step.script;
  // Of a recipe of a Makefile, which runs behind all that the script has done, the command is not in it.
  const auto* first = script.commands.data();
  const bool inside = !std::less<>()(&command, first) && std::less<>()(&command, first + script.commands.size());
  const auto end = inside ? static_cast<std::size_t>(&command - first) : script.commands.size();
  const auto follow = [&](bool nested) {
    for (const auto i : script.setters) {
      const auto& earlier = script.commands[i];
      if (i >= end) break;
      if (earlier.nested == nested) tracker.follow(script, earlier, command);
    }
  };
  follow(false);
  if (const auto* caller = caller_of(script, command)) tracker.call(*caller);
  if (command.nested) follow(true);
  tracker.call(command);
  return tracker.result();
}

Value environment(const Site& site, const ShellCommand& command, std::string_view name) {
  return find_variable(site, command, name).value;
}

bool has_setting(const Site& site, const ShellCommand& command, std::string_view setting) {
  const auto name = setting.substr(0, setting.find('='));
  return environment(site, command, name).is(setting.substr(name.size() + 1));
}

std::string directory_by_variable(const Site& site, const ShellCommand& command, std::string_view variable,
                                  std::string_view below_home) {
  const auto value = environment(site, command, variable);
  if (value.is_known() && !value.text.empty()) return value.text;
  const auto home = environment(site, command, "HOME");
  return (home.is_known() ? home.text : "/root") + std::string(below_home);
}

bool sets_variables(const ShellCommand& command) { return command.words.empty() || is_about_variables(command.name()); }

bool is_switched_on(const Value& value) { return is_one_of(value, words_for_on); }
bool is_switched_off(const Value& value) { return is_one_of(value, words_for_off); }

}  // namespace dockhew::inline effects
