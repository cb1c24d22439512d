// Everything that the runtime stage takes from the builder: the program as its ecosystem knows it, what it may read of
// the source, and what the builder's RUNs copy into the image besides.
#pragma once

#include "ecosystems/runtime.hpp"
#include "stages/step_placement.hpp"

namespace dockhew::inline stages {

Outcome<RuntimeProgram> find_program_files(const Conversion& conversion, const Runtime& runtime,
                                           const Placement& placement);

}  // namespace dockhew::inline stages
