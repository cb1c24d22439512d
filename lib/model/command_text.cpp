#include "model/command_text.hpp"

#include <algorithm>

namespace dockhew::inline model {

std::string command_text(const Step& run, const ShellCommand& command, std::size_t count) {
  const auto& words = command.words;
  const auto end = std::min(count, words.size());
  if (!run.instruction->json) {
    const auto last = count < words.size() ? words[end - 1].span.end : command.span.end;
    return std::string(run.script->text.view(Span{words[0].span.begin, last}));
  }
  std::string text;
  for (std::size_t i = 0; i < end; ++i) text.append(i == 0 ? "" : " ").append(words[i].raw);
  return text;
}

}  // namespace dockhew::inline model
