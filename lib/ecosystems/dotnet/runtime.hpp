// .NET programs in an image without the SDK.
#pragma once

#include "ecosystems/runtime.hpp"

namespace dockhew::inline ecosystems {

extern const Runtime dotnet_runtime;

}  // namespace dockhew::inline ecosystems
