// Variables that keep a tool from using its cache: `ENV PIP_NO_CACHE_DIR=1`, `export PIP_NO_CACHE_DIR=1`,
// `PIP_NO_CACHE_DIR=1 pip install`. What is set for one RUN can be removed when the mount is added; what the image
// keeps cannot.
#pragma once

#include <vector>

#include "caches/defeating_part.hpp"

namespace dockhew::inline caches {

// Those that the uses of the tool in this RUN see, each once.
std::vector<DefeatingPart> defeating_settings(const Site& site, const Tool& tool);

}  // namespace dockhew::inline caches
