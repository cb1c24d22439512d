// Which image the runtime stage is based on: what the ecosystem names for the stage's own, and what registries say of
// that, where they were asked. A base image with a digest behind its tag wants a runtime image that is as fixed.
#pragma once

#include <optional>
#include <string>

#include "ecosystems/runtime.hpp"
#include "facts/image_reference.hpp"
#include "model/dockerfile.hpp"
#include "model/outcome.hpp"

namespace dockhew::inline stages {

struct RuntimeChoice {
  RuntimeImage image;
  std::string digest;  // of its index, where the base image has one and the registry said it
};

// Requires a stage without an `image_obstacle`.
Outcome<RuntimeChoice> choose_runtime_image(const Dockerfile& file, const Stage& stage);

// The image that a stage could be based on instead, if it is shipped; nothing where it is one of these already, or none
// is known. Who asks a registry about the base image asks about this one too.
std::optional<ImageReference> smaller_image(const Dockerfile& file, const Stage& stage);

}  // namespace dockhew::inline stages
