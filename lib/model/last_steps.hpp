// The last instruction of a kind of every stage of a file, for questions that are asked at many steps of many stages: a
// chain of stages is gone through once.
#pragma once

#include <string>
#include <vector>

#include "model/dockerfile.hpp"

namespace dockhew::inline model {

// By the index of the stage; those of the stages it is built on count, and null stands where there is none.
inline std::vector<const Step*> last_steps(const Dockerfile& file, Keyword keyword) {
  std::vector<const Step*> last;
  for (const auto& stage : file.stages()) {
    last.push_back(stage.parent ? last[*stage.parent] : nullptr);
    for (const auto& step : stage.steps)
      if (step.instruction->keyword == keyword) last.back() = &step;
  }
  return last;
}

// What the stage itself inherits; null when there is none.
inline const Step* inherited(const std::vector<const Step*>& last, const Stage& stage) {
  return stage.parent ? last[*stage.parent] : nullptr;
}

// The last instruction of a kind before an instruction of the document, in the stage or in what it has inherited; null
// when there is none.
inline const Instruction* instruction_in_effect(const Stage& stage, Keyword keyword, std::uint32_t before,
                                                const Step* inherited) {
  for (auto i = stage.steps.size(); i-- > 0;)
    if (stage.steps[i].index < before && stage.steps[i].instruction->keyword == keyword)
      return stage.steps[i].instruction;
  return inherited == nullptr ? nullptr : inherited->instruction;
}

// The words of the SHELL in effect before an instruction: of the file, or of the base image, as far as that is known.
// Empty where nothing else than the usual shell is known.
inline std::vector<std::string> shell_in_effect(const Stage& stage, std::uint32_t before, const Step* inherited) {
  std::vector<std::string> words;
  if (const auto* shell = instruction_in_effect(stage, Keyword::shell, before, inherited)) {
    for (const auto& argument : shell->arguments) words.push_back(argument.text);
  } else if (stage.image && stage.image->resolved != nullptr) {
    words = stage.image->resolved->image.shell;
  }
  return words;
}

}  // namespace dockhew::inline model
