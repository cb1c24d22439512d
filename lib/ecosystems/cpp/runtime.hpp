// C and C++ programs in an image without what built them.
#pragma once

#include "ecosystems/runtime.hpp"

namespace dockhew::inline ecosystems {

extern const Runtime cpp_runtime;

}  // namespace dockhew::inline ecosystems
