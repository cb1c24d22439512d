// What the files of a stage's base image say, where they were read (`--resolve=files`). A step of the stage may have
// changed any of it, which is for whoever asks to look at.
#pragma once

#include "facts/image_files.hpp"
#include "model/dockerfile.hpp"

namespace dockhew::inline model {

// Null where nothing is known of them.
inline const ImageFiles* base_files(const Stage& stage) {
  return stage.image && stage.image->resolved != nullptr ? stage.image->resolved->image.files.get() : nullptr;
}

}  // namespace dockhew::inline model
