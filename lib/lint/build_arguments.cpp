#include "lint/build_arguments.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace dockhew::inline lint {
namespace {

bool is_of_name(char c) {
  return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') || c == '_';
}

bool is_of_part(char c) { return is_of_name(c) || c == '.' || c == '-' || c == '+' || c == '@'; }

// Calls `visit` with each part of the paths and words of a text.
template <typename Visit>
void each_part(std::string_view text, const Visit& visit) {
  for (std::size_t at = 0; at < text.size();) {
    const auto begin = std::find_if(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), is_of_part);
    const auto end = std::find_if_not(begin, text.end(), is_of_part);
    if (begin == end) return;
    visit(std::string_view(begin, end));
    at = static_cast<std::size_t>(end - text.begin());
  }
}

// `requirements-dev.txt`, but not `1.2.3`.
bool is_path(std::string_view word) {
  return word.find_first_of("./") != word.npos && word.find_first_not_of("0123456789.") != word.npos;
}

using Names = std::set<std::string, std::less<>>;

// The first of the names that a word has as `$NAME` or `${NAME`; empty when it has none.
std::string_view variable_in(std::string_view word, const Names& names) {
  for (auto at = word.find('$'); at != word.npos; at = word.find('$', at + 1)) {
    auto rest = word.substr(at + 1);
    if (rest.starts_with('{')) rest.remove_prefix(1);
    const auto end = std::ranges::find_if_not(rest, is_of_name) - rest.begin();
    const auto name = rest.substr(0, static_cast<std::size_t>(end));
    if (names.contains(name)) return name;
  }
  return {};
}

// What of the file's paths comes from a build argument.
class FromArguments {
 public:
  explicit FromArguments(const Dockerfile& file) : file_(file) {
    for (const auto& instruction : file.instructions()) add_names(instruction);
    if (names_.empty()) return;
    for (const auto& stage : file.stages())
      for (const auto& step : stage.steps) add_words(stage, step);
    if (parts_.empty()) return;
    // What the file says itself need not come from there.
    for (const auto& instruction : file.instructions())
      if (instruction.keyword != Keyword::arg && instruction.keyword != Keyword::env)
        each_part(instruction.text.view(), [&](std::string_view part) {
          if (const auto found = parts_.find(part); found != parts_.end()) parts_.erase(found);
        });
  }

  bool empty() const { return parts_.empty(); }

  // The argument of whose default the text has a part, other than in a declaration; empty when it has none.
  std::string_view argument_in(std::string_view text) const {
    std::string_view argument;
    while (!text.empty()) {
      const auto line = text.substr(0, text.find('\n'));
      text.remove_prefix(std::min(line.size() + 1, text.size()));
      if (line.starts_with("ARG ") || line.starts_with("ENV ") || line.starts_with('#')) continue;
      each_part(line, [&](std::string_view part) {
        const bool is_option = part.data() + part.size() < line.data() + line.size() && part.data()[part.size()] == '=';
        if (is_option) return;  // `target` of `--mount=type=cache,target=/root/.m2`
        if (const auto found = parts_.find(part); found != parts_.end()) argument = found->second;
      });
    }
    return argument;
  }

 private:
  // Arguments, and variables whose values have some.
  void add_names(const Instruction& instruction) {
    if (instruction.keyword == Keyword::arg)
      for (const auto& argument : instruction.arguments)
        names_.emplace(argument.text.substr(0, argument.text.find('=')));
    if (instruction.keyword == Keyword::env)
      for (const auto& pair : instruction.pairs)
        if (!variable_in(pair.value, names_).empty()) names_.emplace(pair.name);
  }

  void add_words(const Stage& stage, const Step& step) {
    if (step.copy || step.instruction->keyword == Keyword::workdir) {
      for (const auto& word : step.instruction->arguments)
        if (const auto name = variable_in(word.text, names_); !name.empty())
          if (const auto value = file_.expand(stage, step, word.text); value.is_known())
            add_parts(word.text, value.text, name);
    }
    if (!step.script) return;
    for (const auto& command : step.script->commands)
      for (const auto& word : command.words)
        if (const auto name = variable_in(word.raw, names_);
            !name.empty() && word.value.is_known() && is_path(word.text()))
          add_parts(word.raw, word.text(), name);
  }

  void add_parts(std::string_view written, std::string_view value, std::string_view name) {
    each_part(value, [&](std::string_view part) {
      if (part != "." && part != ".." && written.find(part) == written.npos) parts_.emplace(part, name);
    });
  }

  const Dockerfile& file_;
  Names names_;
  std::map<std::string, std::string, std::less<>> parts_;  // to the argument
};

}  // namespace

void hold_for_other_arguments(const Dockerfile& file, std::span<Finding> findings) {
  const FromArguments from(file);
  if (from.empty()) return;
  for (auto& finding : findings)
    for (auto& fix : finding.fixes)
      for (const auto& edit : fix.edits) {
        const std::string argument(from.argument_in(edit.text));
        if (argument.empty()) continue;
        decline(fix, "`" + argument + "` is a build argument, and the result would be wrong with another value of it");
        break;
      }
}

}  // namespace dockhew::inline lint
