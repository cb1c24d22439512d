// What a container of a stage's image runs: ENTRYPOINT and CMD as one list of words, without any init process before
// them.
#pragma once

#include <string>
#include <vector>

#include "model/dockerfile.hpp"
#include "model/outcome.hpp"

namespace dockhew::inline model {

// The last of each in a stage, which is the one that counts; null when there is none.
struct StartInstructions {
  const Instruction* entrypoint = nullptr;
  const Instruction* arguments = nullptr;  // CMD
};

StartInstructions find_start_instructions(const Stage& stage);

struct StartCommand {
  std::vector<std::string> words;  // never empty
  std::string init;                // as it is written: "tini", "/sbin/tini"; empty without one
};

// What CMD, ENTRYPOINT or HEALTHCHECK starts, as a shell reads it.
std::string start_text(const Instruction& instruction);

Outcome<StartCommand> find_start_command(const Stage& stage);

}  // namespace dockhew::inline model
