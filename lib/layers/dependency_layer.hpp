// Puts a dependency layer in front of the COPY of a project's source: the manifests come ahead, then a RUN brings what
// they declare. What the step consists of, its ecosystem says; that it may stand there is shown here.
#pragma once

#include "layers/missing_layer.hpp"
#include "layers/reordering.hpp"

namespace dockhew {

Outcome<Reordering> add_dependency_layer(const MissingLayer& missing);

}  // namespace dockhew
