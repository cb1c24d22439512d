// dockhew completions: scripts that complete commands, options and what they take, for three shells. They know what the
// tables knew when they were printed; nothing is run while somebody types.
#include <fmt/format.h>

#include <iostream>

#include "commands.hpp"
#include "line/help.hpp"
#include "line/option_table.hpp"
#include "lint/rule.hpp"
#include "text/words.hpp"

namespace dockhew::cli {
namespace {

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string text;
  for (const auto& word : words) text.append(text.empty() ? "" : between).append(word);
  return text;
}

std::vector<std::string> command_names() {
  std::vector<std::string> names;
  for (const auto& command : command_rows()) names.emplace_back(command.name);
  return names;
}

// What is typed where a rule is expected: every id, and before them the groups.
std::vector<std::string> rule_words(Word word) {
  std::vector<std::string> names;
  if (word == Word::rule) names = {"all", "buildkit", "default", "hadolint"};
  for (const auto* rule : all_rules()) names.emplace_back(rule->id);
  return names;
}

std::vector<std::string> words_of(const OptionRow& option) { return {option.choices.begin(), option.choices.end()}; }

// ---- bash -----------------------------------------------------------------------------------------------------------

constexpr std::string_view bash_begin = R"(# Completion of dockhew for bash; `dockhew completions bash` prints it.
_dockhew_words() { COMPREPLY=($(compgen -W "$1" -- "$2")); }

# A list with commas: its last part is completed.
_dockhew_rules() {
  local before=
  [[ $1 == *,* ]] && before=${1%,*},
  COMPREPLY=($(compgen -P "$before" -W "@RULES@" -- "${1##*,}"))
  compopt -o nospace 2>/dev/null
}

_dockhew_directories() {
  COMPREPLY=($(compgen -d -- "$1"))
  compopt -o filenames 2>/dev/null
}

_dockhew() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command= i
  COMPREPLY=()
  # Words are also split at the sign of `--option=value`.
  if [[ $word == "=" ]]; then word=
  elif [[ $before == "=" ]]; then before=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
      @COMMANDS@) command=${COMP_WORDS[i]} && break ;;
    esac
  done
  case "$command $before" in
)";

std::string_view bash_function(Word word) {
  return word == Word::rule        ? "_dockhew_rules \"$word\""
         : word == Word::directory ? "_dockhew_directories \"$word\""
                                   : ":";
}

// What follows an option; nothing, for files, means that bash completes their names.
std::string bash_values(const CommandRow& command) {
  std::string out;
  for (const auto* option : options_of(command.name)) {
    if (!option->takes_value()) continue;
    auto names = fmt::format("\"{} --{}\"", command.name, option->name);
    if (option->letter != 0) names += fmt::format(" | \"{} -{}\"", command.name, option->letter);
    const auto action = option->choices.empty()
                            ? std::string(bash_function(option->word))
                            : fmt::format("_dockhew_words \"{}\" \"$word\"", joined(words_of(*option), " "));
    out += fmt::format("    {}) {}; return ;;\n", names, action);
  }
  return out;
}

std::string bash_operands(Word word) {
  if (word == Word::rule) return fmt::format("_dockhew_words \"{}\" \"$word\"", joined(rule_words(Word::none), " "));
  if (word == Word::shell) return "_dockhew_words \"bash zsh fish\" \"$word\"";
  if (word == Word::command) return fmt::format("_dockhew_words \"{}\" \"$word\"", joined(command_names(), " "));
  return std::string(word == Word::directory ? "_dockhew_directories \"$word\"" : ":");
}

std::string replaced(std::string_view text, std::string_view mark, std::string_view with) {
  std::string out(text);
  const auto at = out.find(mark);
  return at == out.npos ? out : out.replace(at, mark.size(), with);
}

std::string bash_script() {
  auto out = replaced(bash_begin, "@RULES@", joined(rule_words(Word::rule), " "));
  out = replaced(out, "@COMMANDS@", joined(command_names(), " | "));
  for (const auto& command : command_rows()) out += bash_values(command);
  out += "  esac\n  if [[ $word == -* ]]; then\n    case $command in\n";
  for (const auto& command : command_rows()) {
    std::vector<std::string> names;
    for (const auto* option : options_of(command.name)) names.push_back("--" + std::string(option->name));
    out += fmt::format("      {}) _dockhew_words \"{}\" \"$word\" ;;\n", command.name, joined(names, " "));
  }
  out += "      *) _dockhew_words \"--help --version\" \"$word\" ;;\n    esac\n    return\n  fi\n  case $command in\n";
  for (const auto& command : command_rows())
    out += fmt::format("    {}) {} ;;\n", command.name, bash_operands(command.operand));
  out +=
      fmt::format("    *) _dockhew_words \"{}\" \"$word\" ;;\n  esac\n}}\n\ncomplete -o default -F _dockhew dockhew\n",
                  joined(command_names(), " "));
  return out;
}

// ---- zsh ------------------------------------------------------------------------------------------------------------

// In single quotes; in the brackets of a specification, where these and colons mean something.
std::string zsh_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    if (c == '\'') out += "'\\''";
    else if (c == '`') out += '"';
    else out += c;
  }
  return out;
}

std::string_view zsh_action(Word word) {
  switch (word) {
    case Word::path:
    case Word::file: return "_files";
    case Word::directory: return "_files -/";
    case Word::rule: return "_dockhew_rules";
    case Word::shell: return "(bash zsh fish)";
    case Word::command: return "_dockhew_commands";
    default: return " ";
  }
}

std::string zsh_option(const OptionRow& option) {
  auto spec = fmt::format("[{}]", zsh_text(option.help));
  if (option.takes_value())
    spec += fmt::format(
        ":{}:{}", zsh_text(option.value),
        option.choices.empty() ? std::string(zsh_action(option.word)) : '(' + joined(words_of(option), " ") + ')');
  const auto sign = option.takes_value() ? "=" : "";
  if (option.letter == 0) return fmt::format("'{}--{}{}{}'", option.repeated ? "*" : "", option.name, sign, spec);
  if (option.repeated) return fmt::format("'*'{{-{},--{}{}}}'{}'", option.letter, option.name, sign, spec);
  return fmt::format("'(-{0} --{1})'{{-{0},--{1}{2}}}'{3}'", option.letter, option.name, sign, spec);
}

std::string zsh_script() {
  std::string out =
      "#compdef dockhew\n# Completion of dockhew for zsh; `dockhew completions zsh` prints it.\n"
      "_dockhew_commands() {\n  local -a commands=(\n";
  for (const auto& command : command_rows())
    out += fmt::format("    '{}:{}'\n", command.name, zsh_text(command.summary));
  out += fmt::format(
      "  )\n  _describe -t commands command commands\n}}\n\n_dockhew_rules() {{\n  _values -s , rule {}\n}}\n\n",
      joined(rule_words(Word::rule), " "));
  out +=
      "_dockhew() {\n  local context state state_descr line\n  typeset -A opt_args\n"
      "  _arguments -C '(- *)'{-h,--help}'[show the help]' '(- *)'{-V,--version}'[show the version]' \\\n"
      "    '1:command:_dockhew_commands' '*::operand:->operands'\n  [[ $state == operands ]] || return\n  case "
      "$line[1] in\n";
  for (const auto& command : command_rows()) {
    out += fmt::format("    {})\n      _arguments -s", command.name);
    for (const auto* option : options_of(command.name)) out += " \\\n        " + zsh_option(*option);
    if (command.operand != Word::none)
      out += fmt::format(" \\\n        '*:{}:{}'", zsh_text(command.operands), zsh_action(command.operand));
    out += "\n      ;;\n";
  }
  return out +
         "  esac\n}\n\nif [[ $funcstack[1] == _dockhew ]]; then _dockhew \"$@\"; else compdef _dockhew dockhew; fi\n";
}

// ---- fish -----------------------------------------------------------------------------------------------------------

std::string fish_values(const OptionRow& option) {
  if (!option.choices.empty()) return fmt::format(" -x -a '{}'", joined(words_of(option), " "));
  if (option.word == Word::rule) return " -x -a '(__fish_complete_list , __dockhew_rules)'";
  if (option.word == Word::directory) return " -x -a '(__fish_complete_directories)'";
  return option.word == Word::file ? " -r -F" : " -x";
}

std::string fish_operands(const CommandRow& command) {
  switch (command.operand) {
    case Word::path: return " -F";
    case Word::directory: return " -f -a '(__fish_complete_directories)'";
    case Word::rule: return " -f -a '(__dockhew_rules)'";
    case Word::shell: return " -f -a 'bash zsh fish'";
    case Word::command: return fmt::format(" -f -a '{}'", joined(command_names(), " "));
    default: return " -f";
  }
}

std::string fish_script() {
  auto out = fmt::format(R"fish(# Completion of dockhew for fish; `dockhew completions fish` prints it.
function __dockhew_command
    for word in (commandline -opc)[2..]
        contains -- $word {} && echo $word && return
    end
    return 1
end

function __dockhew_is
    test "$(__dockhew_command)" = $argv[1]
end

function __dockhew_rules
    string split ' ' '{}'
end

complete -c dockhew -n 'not __dockhew_command' -f -s h -l help -d 'show the help'
complete -c dockhew -n 'not __dockhew_command' -f -s V -l version -d 'show the version'
)fish",
                         joined(command_names(), " "), joined(rule_words(Word::rule), " "));
  for (const auto& command : command_rows())
    out += fmt::format("complete -c dockhew -n 'not __dockhew_command' -f -a {} -d {}\n", command.name,
                       quoted_for_shell(command.summary));
  for (const auto& command : command_rows()) {
    const auto condition = fmt::format("complete -c dockhew -n '__dockhew_is {}'", command.name);
    out += condition + fish_operands(command) + '\n';
    for (const auto* option : options_of(command.name))
      out += condition + (option->letter == 0 ? "" : fmt::format(" -s {}", option->letter)) +
             fmt::format(" -l {}{} -d {}\n", option->name, option->takes_value() ? fish_values(*option) : " -f",
                         quoted_for_shell(option->help));
  }
  return out;
}

}  // namespace

int run_completions(const Options& options) {
  const std::string shell = options.operands.empty() ? "" : options.operands.front();
  if (shell == "bash") std::cout << bash_script();
  else if (shell == "zsh") std::cout << zsh_script();
  else if (shell == "fish") std::cout << fish_script();
  else
    return complain("", "completions takes bash, zsh or fish" + (shell.empty() ? "" : ", not `" + shell + "`")),
           exit_failed;
  return exit_clean;
}

}  // namespace dockhew::cli
