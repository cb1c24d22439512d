// Every command and every option, once. What the command line accepts, its help, the completions of shells and the
// manual page are all made from these two tables, so that none can say something else than the others.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dockhew::cli {

struct Options;

// What stands behind a command, or behind an option: shells complete it by that.
enum class Word : std::uint8_t { none, path, directory, file, rule, shell, command, other };

struct Example {
  std::string_view line, meaning;
};

struct CommandRow {
  std::string_view name;
  std::string_view summary;        // for the list of commands
  std::string_view operands = {};  // "PATH…"; empty where there are none
  Word operand = Word::none;
  std::size_t most = SIZE_MAX;  // operands
  bool is_about_here = false;   // without one, the current directory is meant
  std::string_view text = {};   // paragraphs, each on one line
  std::vector<Example> examples = {};
  std::string_view status = {};  // what the exit status says
  int (*run)(const Options& options) = nullptr;
};

// In the order in which they are listed.
const std::vector<CommandRow>& command_rows();
// Null where there is none of this name.
const CommandRow* find_command(std::string_view name);

// Headings of the help, in its order.
enum class Topic : std::uint8_t { findings, changes, output, build, images, measurement, configuration, general };
std::string_view title_of(Topic topic);

struct OptionRow {
  std::string_view name;
  char letter = 0;
  Word word = Word::none;       // none: a switch
  std::string_view value = {};  // "FILE", as the help calls it
  std::string_view help;        // begins in lower case, no full stop
  Topic topic = Topic::general;
  std::string_view commands = {};              // their names; of no other the option is known
  std::vector<std::string_view> choices = {};  // where it takes one of these words
  bool repeated = false;
  std::string_view otherwise = {};  // the value where none is given, for the help

  bool takes_value() const { return word != Word::none; }
  // A switch that stands for the first of its choices, and may name another: `--resolve=files`.
  bool may_take_value() const { return !takes_value() && !choices.empty(); }
  bool belongs_to(std::string_view command) const;
};

const std::vector<OptionRow>& option_rows();
// Those of a command, by their topics.
std::vector<const OptionRow*> options_of(std::string_view command);

}  // namespace dockhew::cli
