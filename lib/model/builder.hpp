// The program that builds the image. Which instructions and options exist depends on it.
#pragma once

#include <cstdint>

namespace dockhew::inline model {

enum class Builder : std::uint8_t { buildkit, buildah, kaniko, legacy };
// Whether it knows `RUN --mount`.
constexpr bool has_mounts(Builder builder) { return builder == Builder::buildkit || builder == Builder::buildah; }
// Whether a builder's cache mounts are still there when the next build starts. On CI runners they usually are not.
enum class BuilderCache : std::uint8_t { persistent, ephemeral };

}  // namespace dockhew::inline model
