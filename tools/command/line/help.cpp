#include "line/help.hpp"

#include <algorithm>
#include <iostream>

#include "commands.hpp"
#include "line/unknown_words.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::cli {
namespace {

constexpr std::size_t columns = 80;
constexpr std::size_t widest_name = 28;  // of an option; one that is wider has a line for itself

std::size_t width(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); text.remove_prefix(decode_rune(text).size)) ++count;
  return count;
}

// Adds words to a line that has `used` columns; further lines begin with `indent` blanks.
void append_wrapped(std::string& out, std::string_view text, std::size_t used, std::size_t indent) {
  bool begins = true;
  for (const auto word : split_words(text)) {
    if (!begins && used + 1 + width(word) > columns) {
      out.append("\n").append(indent, ' ');
      used = indent;
      begins = true;
    }
    if (!begins) out += ' ', ++used;
    out += word;
    used += width(word);
    begins = false;
  }
  out += '\n';
}

void append_entry(std::string& out, std::string_view name, std::string_view text, std::size_t at) {
  const auto line = "  " + std::string(name);
  out += line;
  if (width(line) + 2 > at) out.append("\n").append(at, ' ');
  else out.append(at - width(line), ' ');
  append_wrapped(out, text, at, at);
}

void append_options(std::string& out, std::string_view command) {
  const auto options = options_of(command);
  std::size_t at = 0;
  for (const auto* option : options) {
    const auto size = width(spelled(*option));
    if (size <= widest_name) at = std::max(at, size + 4);
  }
  const OptionRow* last = nullptr;
  for (const auto* option : options) {
    if (last == nullptr || last->topic != option->topic) out.append("\n").append(title_of(option->topic)).append(":\n");
    append_entry(out, spelled(*option), described(*option), at);
    last = option;
  }
}

void append_examples(std::string& out, const std::vector<Example>& examples) {
  if (!examples.empty()) out += "\nExamples:\n";
  for (const auto& example : examples) {
    out.append("  ").append(example.line).append("\n");
    if (example.meaning.empty()) continue;
    out += "      ";
    append_wrapped(out, example.meaning, 6, 6);
  }
}

}  // namespace

std::string_view purpose() {
  return "dockhew reads Dockerfiles, says what makes their builds slow, bloated or unrepeatable, and rewrites them.";
}

std::string_view general_status() {
  return "0 nothing to report, 1 findings, improvements or different images, 2 an error";
}

std::string spelled(const OptionRow& option) {
  std::string text = option.letter == 0 ? "    " : std::string("-") + option.letter + ", ";
  text.append("--").append(option.name);
  if (option.takes_value()) text.append(" ");
  text.append(option.value);
  return text;
}

std::string described(const OptionRow& option) {
  std::string text(option.help), words;
  for (const auto choice : option.choices) words.append(words.empty() ? "" : ", ").append(choice);
  if (!words.empty()) text.append(" (").append(words).append(")");
  if (!option.otherwise.empty()) text.append(" [").append(option.otherwise).append("]");
  if (option.repeated) text += "; may be repeated";
  return text;
}

std::string overview() {
  std::string out;
  append_wrapped(out, purpose(), 0, 0);
  out += "\nUsage: dockhew COMMAND [OPTION…] [PATH…]\n\nCommands:\n";
  std::size_t at = 0;
  for (const auto& command : command_rows()) at = std::max(at, command.name.size() + 4);
  for (const auto& command : command_rows()) append_entry(out, command.name, command.summary, at);
  out += "\n`dockhew help COMMAND`, or `dockhew COMMAND -h`, shows its options.\n\nExit status:\n  ";
  append_wrapped(out, general_status(), 2, 2);
  return out;
}

std::string help_of(const CommandRow& command) {
  std::string out;
  append_wrapped(out, "dockhew " + std::string(command.name) + ": " + std::string(command.summary), 0, 0);
  out += "\nUsage: dockhew " + std::string(command.name) + " [OPTION…]" + (command.operands.empty() ? "" : " ");
  out.append(command.operands).append("\n");
  if (!command.text.empty()) {
    out += '\n';
    for (const auto line : split_lines(command.text)) append_wrapped(out, line, 0, 0);
  }
  append_options(out, command.name);
  append_examples(out, command.examples);
  out += "\nExit status:\n  ";
  append_wrapped(out, command.status, 2, 2);
  return out;
}

int run_help(const Options& options) {
  if (options.operands.empty()) return std::cout << overview(), exit_clean;
  const auto* command = find_command(options.operands.front());
  if (command == nullptr) return complain("", unknown_command(options.operands.front())), exit_failed;
  std::cout << help_of(*command);
  return exit_clean;
}

}  // namespace dockhew::cli
