// What packages that only a build needs weigh, with all that they bring. To leave out a light one is not worth a stage
// that has to store again what the base image has: the packages of the language itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace dockhew::inline ecosystems {

// In kilobytes when installed, besides a slim image of a language and the libraries that a program needs. Nothing for a
// package of ten megabytes and more, and for one that is not known. From the index of Debian bookworm, 2026-11-30.
std::optional<std::uint32_t> weight_of_light_package(std::string_view package);

}  // namespace dockhew::inline ecosystems
