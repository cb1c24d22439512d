// What a container of a stage's image runs: ENTRYPOINT and CMD as one list of words, without the init process that may
// stand in front.
#pragma once

#include <string>
#include <vector>

#include "model/dockerfile.hpp"

namespace dockhew {

struct StartCommand {
  std::vector<std::string> words;  // never empty unless declined
  std::string init;                // as it is written: "tini", "/sbin/tini"; empty without one
  std::string declined;            // why the words are not known
};

StartCommand find_start_command(const Stage& stage);

}  // namespace dockhew
