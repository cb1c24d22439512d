#include "flow/shell_words.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace dockhew::inline flow {

const CopySource* find_shell_word(const Step& step) {
  constexpr std::string_view words[] = {"&",  "&&",         ";",    "|",           "||",         ">",
                                        "2>", ">/dev/null", "2>&1", "2>/dev/null", "&>/dev/null"};
  if (!step.copy || step.instruction->json) return nullptr;
  const auto found = std::ranges::find_if(step.copy->sources, [&](const CopySource& source) {
    return !source.heredoc && std::ranges::find(words, source.text) != std::end(words);
  });
  return found == step.copy->sources.end() ? nullptr : &*found;
}

}  // namespace dockhew::inline flow
