// Node projects in an image without what built them.
#pragma once

#include "ecosystems/runtime.hpp"

namespace dockhew::ecosystems {

extern const Runtime node_runtime;

}  // namespace dockhew::ecosystems
