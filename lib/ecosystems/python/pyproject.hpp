// What in a pyproject.toml, or in uv's settings beside it, may name a part of the source.
#pragma once

#include "ecosystems/plain_manifest.hpp"

namespace dockhew::inline ecosystems {

Obstacle pyproject_obstacle(std::string_view text);

inline constexpr std::string_view uv_toml_words[] = {"find-links", "path", "file:", "\"./", "'./"};
inline constexpr SettingsWords uv_settings[] = {{"uv.toml", uv_toml_words}};

}  // namespace dockhew::inline ecosystems
