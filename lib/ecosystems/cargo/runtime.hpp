// Rust programs in an image without what built them.
#pragma once

#include "ecosystems/runtime.hpp"

namespace dockhew::ecosystems {

extern const Runtime cargo_runtime;

}  // namespace dockhew::ecosystems
