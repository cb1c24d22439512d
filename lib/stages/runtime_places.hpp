// What the runtime stage has of its own, and not from the builder: what its COPYs bring, what its RUNs make and its
// working directories. A RUN that goes to the builder may change any of it, and the change must not be lost.
#pragma once

#include <string>
#include <vector>

#include "effects/effects.hpp"
#include "stages/step_placement.hpp"

namespace dockhew::inline stages {

struct RuntimePlaces {
  std::vector<std::string> files;        // with all that is below them
  std::vector<std::string> directories;  // that are there; what is in them may be the builder's

  // Whether a command that affects `path`, and with it all below it where it is `recursive`, affects one of them.
  bool has(std::string_view path, bool recursive) const;
};

// Before step `end`. Declined where a COPY goes to a place that is not known.
Outcome<RuntimePlaces> find_runtime_places(const Dockerfile& file, const Stage& stage, const Placement& placement,
                                           std::size_t end);

}  // namespace dockhew::inline stages
