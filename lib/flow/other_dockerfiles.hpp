// The Dockerfiles of a build context, as far as a look at it goes. What the ignore file names is among them, because a
// builder reads the Dockerfile whatever that says, and so is what lies in hidden directories: `.docker/web.Dockerfile`.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/build_context.hpp"

namespace dockhew::inline flow {

struct ContextDockerfiles {
  struct Place {
    std::string directory, path;  // in the context
  };

  std::vector<Place> places;  // also those that builds of the project name, whatever they are called
};

// Found once for a context, which must be known.
std::shared_ptr<const ContextDockerfiles> dockerfiles_of(const BuildContext& context);

}  // namespace dockhew::inline flow
