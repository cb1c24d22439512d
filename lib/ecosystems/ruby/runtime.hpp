// Ruby programs: see runtime.cpp.
#pragma once

#include "ecosystems/runtime.hpp"

namespace dockhew::inline ecosystems {

extern const Runtime ruby_runtime;

}  // namespace dockhew::inline ecosystems
