// What people write behind a COPY as if a shell ran it: `COPY *.lock ./ 2>/dev/null || true`.
#pragma once

#include "model/dockerfile.hpp"

namespace dockhew::inline flow {

// The first such word among the sources, which the builder takes for a file; null without one, and in JSON form.
const CopySource* find_shell_word(const Step& step);

}  // namespace dockhew::inline flow
