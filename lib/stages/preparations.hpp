// RUNs that do not build, but prepare the image: modes, owners, users, directories, small files. The runtime stage
// repeats one only if all that it works on is there at that point: not what only the builder has, and what comes from
// the builder has its owner and mode already.
#pragma once

#include <string>
#include <vector>

#include "ecosystems/runtime.hpp"
#include "stages/runtime_places.hpp"

namespace dockhew::inline stages {

// What is asked of a step of the runtime stage.
struct Preparation {
  const Conversion& conversion;
  const std::vector<Artifact>& artifacts;
  const RuntimePlaces& places;  // before the step
  bool same_family = false;     // the runtime image is a form of the base image
  bool after_build = false;     // what comes from the builder is there
};

// The place of such a step when it is known what is there. Declined where it is not known, or where the runtime stage
// has a part of what a command needs. Of a step that does anything else the place is as it was.
Outcome<Place> place_preparation(const Preparation& preparation, const Step& step, const Placement& placement,
                                 Place place);

}  // namespace dockhew::inline stages
