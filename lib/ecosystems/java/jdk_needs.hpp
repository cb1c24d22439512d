// What Java programs take from a JDK while they run: the compiler and other modules of its tools, which no JRE has.
#pragma once

#include <string_view>

#include "model/dockerfile.hpp"
#include "model/outcome.hpp"

namespace dockhew::inline ecosystems {

// Where the source uses one of them, or the build files name a library that does. `image`: that would be shipped.
Obstacle need_of_jdk(const Dockerfile& file, std::string_view image);

}  // namespace dockhew::inline ecosystems
