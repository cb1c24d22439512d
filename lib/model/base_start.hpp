// What a container starts because the base image says so, where a registry was asked (`--resolve`): a file that sets no
// ENTRYPOINT or CMD has those of its base, and advice about the one depends on the other.
#pragma once

#include <string>
#include <vector>

#include "model/dockerfile.hpp"
#include "model/runs.hpp"

namespace dockhew::inline model {

// Null where nothing is known of the base image, or a stage of the file sets one itself. An ENTRYPOINT takes away the
// CMD of the base.
inline const std::vector<std::string>* inherited_start(const Dockerfile& file, const Stage& stage, Keyword keyword) {
  const auto& image = chain_of(file, stage).back()->image;
  if (!image || image->resolved == nullptr) return nullptr;
  if (last_step(file, stage, keyword) != nullptr || last_step(file, stage, Keyword::entrypoint) != nullptr)
    return nullptr;
  const auto& base = image->resolved->image;
  return keyword == Keyword::entrypoint ? &base.entrypoint : &base.command;
}

}  // namespace dockhew::inline model
