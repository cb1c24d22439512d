// Other forms of a stage's base image that may be smaller: a slim one, one of Alpine, an image of Google's distroless
// for the same language. Which of them exist, and what they weigh, only their registries know; whether the program runs
// there is for people to try, so nothing is rewritten because of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/dockerfile.hpp"

namespace dockhew::inline ecosystems {

struct SmallerForm {
  std::string name;             // "node:22-alpine"
  std::string_view difference;  // from the base image, for a person: "musl in place of glibc"; may be empty
};

// Of an image that the tables know, as its publisher names them.
std::vector<SmallerForm> smaller_forms(const Stage& stage);

}  // namespace dockhew::inline ecosystems
