// The words of an instruction in which BuildKit expands variables, in its order, with the result of each. Which words
// those are differs from instruction to instruction (dockerfile-language: instructions/commands.go, the Expand
// methods).
#pragma once

#include <string>
#include <vector>

#include "model/site.hpp"

namespace dockhew::inline buildkit {

struct ExpandedWord {
  std::string text;                    // as written
  Span span;                           // in the source
  Value value;                         // unknown when a variable is, or when the word is wrong
  std::vector<std::string> values;     // EXPOSE, where one word may become many; empty while unknown
  std::string error;                   // BuildKit's wording; empty when the word may still be right
  std::vector<std::string> undefined;  // variables that are neither set nor declared, each once
};

std::vector<ExpandedWord> expanded_words(const Site& site);

// The same for FROM: its base image first, then its --platform. Undefined is what no global argument declares.
std::vector<ExpandedWord> expanded_words_of_from(const Dockerfile& file, const Stage& stage);

// The defaults of the arguments before the first FROM.
std::vector<ExpandedWord> expanded_words_of_global(const Dockerfile& file, const Instruction& instruction,
                                                   std::size_t arguments_before);

}  // namespace dockhew::inline buildkit
