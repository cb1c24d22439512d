// Whether a project names a variable outside of its Dockerfiles: in the settings, scripts and instructions by which
// people start its containers.
#pragma once

#include <string_view>

#include "model/build_context.hpp"

namespace dockhew::inline flow {

// In files of the context, which must be known, and near the root of its repository. True where there are more of them
// than are read.
bool is_named_in_project(const BuildContext& context, std::string_view name);

}  // namespace dockhew::inline flow
