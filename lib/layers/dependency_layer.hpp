// Puts a dependency layer before the COPY of a project's source: the manifests come first, then a RUN brings what
// they declare. The ecosystem says what the step consists of; that it may be there is shown here.
#pragma once

#include "layers/missing_layer.hpp"
#include "layers/reordering.hpp"

namespace dockhew::inline layers {

Outcome<Reordering> add_dependency_layer(const MissingLayer& missing);

}  // namespace dockhew::inline layers
