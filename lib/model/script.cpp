#include "model/script.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "model/compiler_caches.hpp"
#include "model/failure.hpp"
#include "text/path.hpp"

namespace dockhew::inline model {
namespace {

constexpr unsigned deepest_nested_shell = 4;      // sh -c "sh -c '…'"
constexpr std::size_t most_shared_wrappers = 64;  // words before `sh -c` that each command of its string repeats

// Without the blanks and line continuations that the grammar leaves at the end of a command.
Span trimmed(std::string_view text, Span span) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  while (!span.empty() &&
         (is_blank(text[span.end - 1]) || (text[span.end - 1] == '\\' && (text.substr(span.end).starts_with('\n') ||
                                                                          text.substr(span.end).starts_with("\r\n")))))
    --span.end;
  return span;
}

class ScriptReader {
 public:
  ScriptReader(Script& script, const ValueLookup& lookup, Value directory, std::size_t longest_value, unsigned depth)
      : script_(script),
        lookup_(lookup),
        directory_(std::move(directory)),
        longest_value_(longest_value),
        depth_(depth) {}

  void read() {
    const auto& tree = script_.shell.tree;
    if (tree.nodes.empty()) return;
    for (const auto child : children(tree, 0))
      if (tree.nodes[child].kind == ShellKind::list) top_list(child);
  }

 private:
  const ShellNode& node(std::uint32_t index) const { return script_.shell.tree.nodes[index]; }
  std::string_view text(Span span) const { return script_.text.view(span); }
  ChildRange<ShellKind> parts(std::uint32_t index) const { return children(script_.shell.tree, index); }

  void top_list(std::uint32_t list) {
    for (const auto child : parts(list)) {
      const auto kind = node(child).kind;
      if (kind == ShellKind::and_or) {
        const bool background = next_separator(list, child) == "&";
        for (const auto part : parts(child)) {
          if (node(part).kind == ShellKind::and_if) set_joint(Joint::and_if, node(part).span());
          if (node(part).kind == ShellKind::or_if) set_joint(Joint::or_if, node(part).span());
          if (node(part).kind != ShellKind::pipeline) continue;
          const bool optional = !script_.chain.empty() && script_.chain.back().joint == Joint::or_if;
          script_.chain.push_back({trimmed(script_.text.view(), node(part).span()), Joint::none, {}, is_simple(part)});
          pipeline(part, optional || background);
        }
      } else if (kind == ShellKind::separator && !script_.chain.empty() && script_.chain.back().joint == Joint::none) {
        const auto separator = text(node(child).span());
        set_joint(separator == ";"   ? Joint::semicolon
                  : separator == "&" ? Joint::background
                                     : Joint::newline,
                  node(child).span());
      }
    }
  }

  void set_joint(Joint joint, Span span) {
    script_.chain.back().joint = joint;
    script_.chain.back().joint_span = span;
  }

  // There is one before the next item, so nothing is looked at twice.
  std::string_view next_separator(std::uint32_t list, std::uint32_t item) const {
    for (auto i = node(item).next; i < node(list).next; i = node(i).next)
      if (node(i).kind == ShellKind::separator) return text(node(i).span());
    return {};
  }

  bool is_simple(std::uint32_t pipeline) const {
    std::size_t count = 0;
    for (const auto child : parts(pipeline)) {
      if (node(child).kind == ShellKind::blank) continue;
      if (node(child).kind != ShellKind::command) return false;
      ++count;
    }
    return count == 1;
  }

  void pipeline(std::uint32_t index, bool conditional) {
    std::size_t commands = 0;
    for (const auto child : parts(index)) commands += node(child).kind == ShellKind::pipe;
    for (const auto child : parts(index)) any(child, conditional, commands > 0);
  }

  void any(std::uint32_t index, bool conditional, bool piped) {
    switch (node(index).kind) {
      case ShellKind::command: return command(index, conditional, piped);
      case ShellKind::group:
        for (const auto child : parts(index)) any(child, conditional, piped);
        return;
      case ShellKind::list:
      case ShellKind::and_or:
      case ShellKind::pipeline: {
        bool optional = conditional;
        for (const auto child : parts(index)) {
          if (node(child).kind == ShellKind::or_if) optional = true;
          any(child, optional, piped);
        }
        return;
      }
      case ShellKind::subshell: {
        const auto saved = directory_;
        for (const auto child : parts(index)) any(child, true, piped);
        directory_ = saved;
        return;
      }
      case ShellKind::if_clause:
      case ShellKind::case_clause: return alternatives(index, piped);
      case ShellKind::loop:
      case ShellKind::for_clause:
      case ShellKind::case_item:
      case ShellKind::function: {
        const auto saved = directory_;
        for (const auto child : parts(index)) any(child, true, piped);
        if (directory_ != saved) directory_ = Value::unknown();
        return;
      }
      case ShellKind::command_substitution:
      case ShellKind::process_substitution: {
        const auto saved = directory_;
        for (const auto child : parts(index)) any(child, true, true);
        directory_ = saved;
        return;
      }
      case ShellKind::word:      // `for f in $(find /lib)`
      case ShellKind::redirect:  // `done < <(find /lib)`
        return substitutions(index);
      default: return;
    }
  }

  // Each branch starts in the directory that the compound command starts in.
  void alternatives(std::uint32_t index, bool piped) {
    const auto saved = directory_;
    const auto compound = ++compounds_;
    bool moved = false, in_branch = false;
    std::uint32_t branch = 0;
    for (const auto child : parts(index)) {
      const auto kind = node(child).kind;
      const auto word = kind == ShellKind::token ? text(node(child).span()) : std::string_view();
      if (word.starts_with("then") || word.starts_with("else") || kind == ShellKind::case_item) {
        moved |= directory_ != saved;
        directory_ = saved;
        in_branch = true, ++branch;
      } else if (word.starts_with("elif")) {
        in_branch = false;
      }
      if (kind == ShellKind::word) continue;  // `case $(uname -m) in`: what it says is only compared
      if (in_branch) branches_.push_back({compound, branch});
      any(child, true, piped);
      if (in_branch) branches_.pop_back();
    }
    if (moved || directory_ != saved) directory_ = Value::unknown();
  }

  void command(std::uint32_t index, bool conditional, bool piped) {
    ShellCommand result;
    result.branches = branches_;
    result.span = trimmed(script_.text.view(), node(index).span());
    result.conditional = conditional;
    result.piped = piped;
    result.element = static_cast<std::uint32_t>(script_.chain.empty() ? 0 : script_.chain.size() - 1);
    for (const auto child : parts(index)) {
      const auto span = node(child).span();
      if (node(child).kind == ShellKind::word) {
        substitutions(child);
        result.words.push_back(word(child));
      } else if (node(child).kind == ShellKind::assignment) {
        const auto raw = text(span);
        const auto equals = raw.find('=');
        ShellAssignment assignment{std::string(raw.substr(0, equals)), {}};
        const auto begin = span.begin + static_cast<std::uint32_t>(equals) + 1;
        assignment.value = {{begin, span.end}, Value::known(""), std::string(text({begin, span.end}))};
        for (const auto part : parts(child))
          if (node(part).kind == ShellKind::word) {
            substitutions(part);
            assignment.value = word(part);
          }
        if (assignment.value.raw.starts_with('(')) assignment.value.value = Value::unknown();
        result.assignments.push_back(std::move(assignment));
      } else if (node(child).kind == ShellKind::redirect) {
        const auto raw = text(span);
        const auto end = raw.find_first_not_of("0123456789<>&|-");
        ShellRedirect redirect{std::string(raw.substr(0, end)), {}};
        std::erase_if(redirect.operation, [](char c) { return '0' <= c && c <= '9'; });
        for (const auto part : parts(child))
          if (node(part).kind == ShellKind::word) {
            substitutions(part);
            redirect.target = word(part);
          }
        result.redirects.push_back(std::move(redirect));
      }
    }
    result.directory = directory_;
    if (result.words.empty()) {  // assignments without a command stay in effect for the rest of the script
      for (const auto& assignment : result.assignments) assigned_[assignment.name] = assignment.value.value;
    }
    add(std::move(result));
  }

  void substitutions(std::uint32_t index) {
    for (auto i = index + 1; i < node(index).next; ++i) {
      if (node(i).kind != ShellKind::command_substitution && node(i).kind != ShellKind::process_substitution) continue;
      any(i, true, true);
      i = node(i).next - 1;
    }
  }

  ShellWord word(std::uint32_t index) {
    expanded_ = 0;
    ShellWord result{node(index).span(), Value::known(""), std::string(text(node(index).span()))};
    append_value(index, result.value, false);
    return result;
  }

  void append_value(std::uint32_t index, Value& value, bool quoted) {
    for (const auto child : parts(index)) {
      const auto span = node(child).span();
      const auto raw = text(span);
      switch (node(child).kind) {
        case ShellKind::literal:
          if (quoted) append_unescaped(value.text, raw);
          else value.text += raw;
          break;
        case ShellKind::escaped: value.text += raw.substr(1); break;
        case ShellKind::single_quoted:
          value.text += raw.size() >= 2 ? raw.substr(1, raw.size() - 2) : raw.substr(1);
          break;
        case ShellKind::double_quoted: append_value(child, value, true); break;
        case ShellKind::parameter: append_parameter(raw, value); break;
        case ShellKind::blank: break;
        case ShellKind::token:
          if (!quoted) value.text += raw;
          break;
        default: value.state = Value::State::unknown;
      }
    }
    if (!value.is_known()) value.text.clear();
  }

  static void append_unescaped(std::string& out, std::string_view raw) {  // inside double quotes
    for (std::size_t i = 0; i < raw.size(); ++i) {
      const bool escapes =
          raw[i] == '\\' && i + 1 < raw.size() && std::string_view("\\\"$`\n").find(raw[i + 1]) != raw.npos;
      if (escapes && raw[++i] == '\n') continue;
      out += raw[i];
    }
  }

  void append_parameter(std::string_view raw, Value& value) {
    auto name = raw.substr(1);
    if (name.starts_with('{')) name = name.substr(1, name.size() - (name.ends_with('}') ? 2 : 1));
    const bool plain =
        !name.empty() &&
        name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") == name.npos &&
        !('0' <= name[0] && name[0] <= '9');
    if (!plain) {
      value.state = Value::State::unknown;
      return;
    }
    const auto known = value_of(name);
    expanded_ += known.text.size();
    if (known.is_unknown() || expanded_ > longest_value_) value.state = Value::State::unknown;
    else value.text += known.text;
  }

  Value value_of(std::string_view name) const {
    if (const auto found = assigned_.find(name); found != assigned_.end()) return found->second;
    if (name == "PWD") return directory_;  // a shell sets it, whatever ENV says
    if (name == "OLDPWD") return Value::unknown();
    return lookup_(name);
  }

  // Removes wrappers, follows `cd`, opens `sh -c '…'`, and records the command.
  void add(ShellCommand command) {
    command.find_name();
    unwrap(command);
    const auto& name = command.name();
    if (name == "cd" || name == "pushd") {
      if (!command.piped || command.conditional) directory_ = target_of(command);
    } else if (name == "popd") {
      directory_ = Value::unknown();
    } else if (name == "export" || name == "read" || name == "unset" || name == "local" || name == "declare") {
      for (std::size_t i = 1; i < command.words.size(); ++i) {
        const auto& raw = command.words[i].raw;
        const auto equals = raw.find('=');
        const bool known = name == "export" && equals != raw.npos && command.words[i].value.is_known();
        if (equals == raw.npos && name == "export") continue;
        assigned_[std::string(raw.substr(0, equals))] =
            known ? Value::known(command.words[i].text().substr(command.words[i].text().find('=') + 1))
                  : Value::unknown();
      }
    }
    if (is_shell(name) && depth_ < deepest_nested_shell) nested_shell(command);
    script_.commands.push_back(std::move(command));
  }

  // Where a `cd` leads.
  Value target_of(const ShellCommand& command) const {
    if (command.words.size() < 2 || !command.words[1].value.is_known()) return Value::unknown();
    const auto& path = command.words[1].text();
    if (path.empty()) return Value::unknown();  // `cd $NAME`, which the base image may set
    if (!directory_.is_known() && !path.starts_with('/')) return Value::unknown();
    auto target = resolve_in_clean(directory_.text, path);
    return target.size() > std::min(longest_value_, limits::longest_path) ? Value::unknown()
                                                                          : Value::known(std::move(target));
  }

  static bool is_shell(std::string_view name) {
    return name == "sh" || name == "bash" || name == "ash" || name == "dash";
  }

  // Options of a wrapper that take the next word; nothing for what is no wrapper.
  static std::optional<std::string_view> wrapper_options(std::string_view name, const ShellCommand& command,
                                                         std::size_t first) {
    if (name == "sudo") return " -u -g -h -p -C -r -t -T -U -D -R ";
    if (name == "env") return " -u -C -S ";
    if (name == "nice") return " -n ";
    if (name == "timeout") return " -k -s ";
    bool wraps = name == "exec" || name == "command" || name == "builtin" || name == "nohup" || name == "time" ||
                 name == "eatmydata";
    for (auto i = first + 1; name == "mold" && i < command.words.size() && command.words[i].raw.starts_with('-'); ++i)
      wraps |= command.words[i].value.is("-run");
    return wraps ? std::optional<std::string_view>("") : std::nullopt;
  }

  // The first word after the wrapper at `first`; `first` itself when that is none. Assignments of `env` and `sudo` are
  // kept.
  static std::size_t after_wrapper(ShellCommand& command, std::size_t first) {
    const auto name = command_name(command.words[first]);
    const auto value_options = wrapper_options(name, command, first);
    if (!value_options) return first;
    const auto& words = command.words;
    std::vector<ShellAssignment> assignments;
    auto next = first + 1;
    for (; next < words.size(); ++next) {
      const auto& word = words[next];
      const std::string_view raw = word.raw;
      if (raw == "--") {
        ++next;
        break;
      }
      if ((name == "env" || name == "sudo") && raw.find('=') != raw.npos && !raw.starts_with('-')) {
        ShellAssignment assignment{std::string(raw.substr(0, raw.find('='))), word};
        if (word.value.is_known()) assignment.value.value = Value::known(word.text().substr(word.text().find('=') + 1));
        assignments.push_back(std::move(assignment));
      } else if (raw.starts_with('-') && raw.size() > 1) {
        if (name == "command" && (raw == "-v" || raw == "-V")) return first;
        if (value_options->find(" " + std::string(raw) + " ") != std::string_view::npos) ++next;
      } else {
        break;
      }
    }
    std::ranges::move(assignments, std::back_inserter(command.assignments));
    if (name == "timeout" && next < words.size()) ++next;  // the duration
    return next < words.size() ? next : first;
  }

  static void unwrap(ShellCommand& command) {
    if (command.words.empty()) return;
    std::size_t first = 0;
    for (auto next = after_wrapper(command, 0); next != first; next = after_wrapper(command, first)) first = next;
    if (first == 0) return;
    const auto wrapped = command.words.begin() + static_cast<std::ptrdiff_t>(first);
    command.wrappers.insert(command.wrappers.end(), std::make_move_iterator(command.words.begin()),
                            std::make_move_iterator(wrapped));
    command.words.erase(command.words.begin(), wrapped);
    command.find_name();
  }

  void nested_shell(const ShellCommand& command) {
    for (std::size_t i = 1; i + 1 < command.words.size(); ++i) {
      const auto& option = command.words[i].raw;
      if (!option.starts_with('-') || !option.ends_with('c')) continue;
      const auto& argument = command.words[i + 1];
      if (!argument.value.is_known()) return;
      Script inner;
      const std::string copy = argument.text();
      inner.text = LogicalText(copy, 0);
      inner.shell = parse_shell(copy);
      ScriptReader(inner, lookup_, directory_, longest_value_, depth_ + 1).read();
      for (auto& nested : inner.commands) {
        nested.nested = true;
        nested.conditional |= command.conditional;
        nested.branches = command.branches;  // its own are numbered for the inner script
        nested.element = command.element;
        nested.move_to(argument.span);
        if (command.wrappers.size() <= most_shared_wrappers)
          nested.wrappers.insert(nested.wrappers.begin(), command.wrappers.begin(), command.wrappers.end());
        script_.commands.push_back(std::move(nested));
      }
      return;
    }
  }

  Script& script_;
  const ValueLookup& lookup_;
  Value directory_;
  std::size_t longest_value_;
  unsigned depth_;
  std::size_t expanded_ = 0;  // bytes that the variables of the word so far stand for
  std::map<std::string, Value, std::less<>> assigned_;
  std::vector<ShellBranch> branches_;  // that are being read, outermost first
  std::uint32_t compounds_ = 0;
};

}  // namespace

Script parse_script(LogicalText text, const ValueLookup& lookup, Value directory, std::size_t longest_value) {
  Script script;
  script.text = std::move(text);
  script.shell = parse_shell(script.text.view());
  script.opaque = !script.shell.errors.empty();
  ScriptReader(script, lookup, std::move(directory), longest_value, 0).read();
  find_launchers(script, lookup);
  script.find_setters();
  find_failures(script);
  return script;
}

}  // namespace dockhew::inline model
