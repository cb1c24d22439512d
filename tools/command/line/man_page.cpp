// dockhew man: the manual page, in the language of troff, from the same tables as the help.
#include <fmt/format.h>

#include <iostream>

#include "commands.hpp"
#include "line/help.hpp"
#include "line/option_table.hpp"
#include "text/words.hpp"
#include "version.hpp"

namespace dockhew::cli {
namespace {

// Text for troff: code between backticks in bold, and nothing at the beginning of a line that it obeys.
std::string troff(std::string_view text) {
  std::string out;
  bool code = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("…")) out += "\\&...", i += std::string_view("…").size() - 1;
    else if (text[i] == '`') out += (code = !code) ? "\\fB" : "\\fR";
    else if (text[i] == '\\') out += "\\e";
    else if (text[i] == '-') out += "\\-";
    else out += text[i];
  }
  return out.starts_with('.') || out.starts_with('\'') ? "\\&" + out : out;
}

void append_section(std::string& out, std::string_view title, std::string_view text) {
  out += fmt::format(".SH {}\n", title);
  for (const auto line : split_lines(text)) out += line.empty() ? ".PP\n" : troff(line) + '\n';
}

void append_entry(std::string& out, std::string_view term, std::string_view text) {
  out += fmt::format(".TP\n{}\n{}\n", term, troff(text));
}

std::string option_term(const OptionRow& option) {
  std::string term;
  if (option.letter != 0) term = fmt::format("\\fB\\-{}\\fR, ", option.letter);
  term += fmt::format("\\fB{}\\fR", troff("--" + std::string(option.name)));
  if (option.takes_value()) term += fmt::format(" \\fI{}\\fR", troff(option.value));
  else term += troff(option.value);
  return term;
}

std::string commands_of(const OptionRow& option) {
  if (option.commands == "*") return {};
  std::string names;
  for (const auto name : split_words(option.commands)) names.append(names.empty() ? "" : ", ").append(name);
  return " (" + names + ")";
}

void append_commands(std::string& out) {
  out += ".SH COMMANDS\n";
  for (const auto& command : command_rows()) {
    out += fmt::format(".SS \"dockhew {}{}{}\"\n", command.name, command.operands.empty() ? "" : " ",
                       troff(command.operands));
    out += troff(command.summary) + ".\n";
    if (!command.text.empty()) out += ".PP\n" + troff(command.text) + '\n';
    out += ".PP\nExit status: " + troff(command.status) + ".\n";
  }
}

void append_options(std::string& out) {
  out += ".SH OPTIONS\nIn parentheses the commands that have the option.\n";
  const OptionRow* last = nullptr;
  for (const auto& option : option_rows()) {
    if (last == nullptr || last->topic != option.topic)
      out += fmt::format(".SS {}{}\n", option.commands == "hadolint" ? "hadolint: " : "", title_of(option.topic));
    append_entry(out, option_term(option), described(option) + commands_of(option));
    last = &option;
  }
}

void append_examples(std::string& out) {
  out += ".SH EXAMPLES\n";
  for (const auto& command : command_rows())
    for (const auto& example : command.examples)
      out += fmt::format(".TP\n\\fB{}\\fR\n{}\n", troff(example.line),
                         troff(example.meaning.empty() ? command.summary : example.meaning));
}

std::string man_page() {
  auto out =
      fmt::format(".\\\" Printed by `dockhew man`.\n.TH DOCKHEW 1 \"\" \"dockhew {}\" \"User Commands\"\n", version);
  append_section(out, "NAME", "dockhew - lint and optimize Dockerfiles");
  out += ".SH SYNOPSIS\n.B dockhew\n.I command\n[\\fIoption\\fR\\&...]\n[\\fIpath\\fR\\&...]\n";
  append_section(out, "DESCRIPTION", purpose());
  append_commands(out);
  append_options(out);
  append_section(out, "EXIT STATUS", general_status());
  out += ".SH ENVIRONMENT\n";
  append_entry(out, ".BR DOCKHEW_SELECT \", \" DOCKHEW_IGNORE \", \" DOCKHEW_FAIL_ON \", \" DOCKHEW_SHELLCHECK",
               "As the options of these names, where they are not given.");
  append_entry(out, ".B DOCKHEW_CONFIG", "The configuration, where `--config` is not given.");
  append_entry(out, ".B NO_COLOR", "No colours, unless `--color always` is given.");
  append_entry(out, ".BR CI \", \" GITHUB_ACTIONS \", \" TF_BUILD",
               "Where one is set, what is piped is taken for the log of a CI service, and escaped.");
  out += ".SH FILES\n";
  append_entry(out, ".I .dockhew.yaml", "The configuration: the nearest from the directory of a Dockerfile upwards.");
  append_entry(out, ".I .hadolint.yaml", "Read where there is none of dockhew's own.");
  append_examples(out);
  append_section(out, "SEE ALSO", "docker(1), buildah(1), shellcheck(1)");
  return out;
}

}  // namespace

int run_man(const Options&) {
  std::cout << man_page();
  return exit_clean;
}

}  // namespace dockhew::cli
