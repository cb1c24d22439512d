#include "model/start_command.hpp"

#include <algorithm>

#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline model {
namespace {

bool is_init(std::string_view word) {
  const auto name = path_basename(word);
  return name == "tini" || name == "dumb-init" || name == "catatonit";
}

// The words of an instruction in JSON form, or of a shell form that a shell would merely split at its spaces.
Outcome<std::vector<std::string>> words_of(const Instruction& instruction) {
  std::vector<std::string> words;
  for (const auto& argument : instruction.arguments) words.push_back(argument.text);
  if (instruction.json) return words;
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  if (text.find_first_of("&|;$`'\"(){}<>*?\\") != std::string::npos)
    return Declined{"the start command is a shell script"};
  if (text.starts_with("exec ")) text.erase(0, 5);
  const auto parts = split_words(text);
  return std::vector<std::string>(parts.begin(), parts.end());
}

}  // namespace

StartInstructions find_start_instructions(const Stage& stage) {
  StartInstructions result;
  for (const auto& step : stage.steps) {
    if (step.instruction->keyword == Keyword::entrypoint) result.entrypoint = step.instruction;
    if (step.instruction->keyword == Keyword::cmd) result.arguments = step.instruction;
  }
  return result;
}

std::string start_text(const Instruction& instruction) {
  std::string text;
  for (const auto& argument : instruction.arguments) {
    const bool says_kind = instruction.keyword == Keyword::healthcheck && &argument == &instruction.arguments[0] &&
                           (argument.text == "CMD" || argument.text == "NONE");
    if (!says_kind)
      text += (text.empty() ? "" : " ") + (instruction.json ? quoted_for_shell(argument.text) : argument.text);
  }
  return text;
}

Outcome<StartCommand> find_start_command(const Stage& stage) {
  const auto [entrypoint, arguments] = find_start_instructions(stage);
  StartCommand result;
  // An ENTRYPOINT in shell form takes no arguments.
  const bool takes_arguments = entrypoint == nullptr || entrypoint->json;
  for (const auto* instruction : {entrypoint, takes_arguments ? arguments : nullptr}) {
    if (instruction == nullptr) continue;
    const auto words = words_of(*instruction);
    if (!words) return words.declined();
    result.words.insert(result.words.end(), words->begin(), words->end());
  }
  if (!result.words.empty() && is_init(result.words.front())) {
    result.init = result.words.front();
    result.words.erase(result.words.begin());
    const auto option = [](const std::string& word) { return word.starts_with('-'); };
    result.words.erase(result.words.begin(), std::ranges::find_if_not(result.words, option));
  }
  if (result.words.empty()) return Declined{"neither CMD nor ENTRYPOINT names the program"};
  return result;
}

}  // namespace dockhew::inline model
