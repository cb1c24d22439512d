// Options of apk that the releases of old images do not know.
#pragma once

#include "model/dockerfile.hpp"

namespace dockhew::inline ecosystems {

// Whether the stage certainly has an apk without `--no-cache`: that of Alpine before 3.3.
bool lacks_no_cache(const Dockerfile& file, const Stage& stage);

}  // namespace dockhew::inline ecosystems
