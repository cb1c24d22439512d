// The runtime images that several ecosystems share: the distribution's own for what is compiled, the slim form of the
// same image for what is interpreted.
#pragma once

#include "ecosystems/runtime.hpp"

namespace dockhew::inline ecosystems {

// Debian or Alpine themselves, in the release that the stage's image is based on.
Outcome<RuntimeImage> distribution_image(const Facts& facts, const Stage& stage);

// Where `slim` is in a tag that names a release: python:3.12-slim-bookworm, but node:20-bookworm-slim.
enum class SlimPlace { before_release, after_release };

Outcome<RuntimeImage> slim_image(const Facts& facts, const Stage& stage, SlimPlace place);

// The stage's base image as people name it: `node:22`, whatever digest follows.
std::string shown_base(const Stage& stage);

// The sentence about programs that the base image has and the runtime image, by its name or in words, has not.
std::string starts_no_program(const Stage& stage, const std::string& image, std::string_view examples);

// The sentence about variables that the base image sets and another one does not, but for those in `kept`.
void add_lost_variables(const Stage& stage, std::initializer_list<std::string_view> kept, RuntimeImage& image);

}  // namespace dockhew::inline ecosystems
