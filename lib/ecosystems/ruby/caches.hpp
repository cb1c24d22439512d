// Where RubyGems keeps gems, as far as the base image decides it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/dockerfile.hpp"

namespace dockhew::inline ecosystems {

// "IMAGE_RUBY_ABI": the directory that RubyGems names after the interpreter, "3.3.0" for all of Ruby 3.3. Nothing when
// the base image is not Ruby's own, or its tag does not say.
std::optional<std::string> ruby_image_variable(const Stage& stage, std::string_view name);

}  // namespace dockhew::inline ecosystems
