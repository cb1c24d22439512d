// Which packages of the distribution the runtime stage needs: those that the builder has installed, as far as they are
// not for building alone, and those that the base image brought.
#pragma once

#include "ecosystems/runtime.hpp"
#include "ecosystems/system/package_installation.hpp"
#include "stages/step_placement.hpp"

namespace dockhew::inline stages {

struct StagePackages {
  WantedPackages wanted;      // their names sorted
  bool certificates = false;  // come as a file from the builder, because nothing is installed
  std::string unread_script;  // what is not known of what the container starts, for a person; mostly empty
};

// `program`: what starts it, and the packages that it loads.
Outcome<StagePackages> choose_packages(const Dockerfile& file, const Stage& stage, const Placement& placement,
                                       const RuntimeImage& image, const RuntimeProgram& program);

}  // namespace dockhew::inline stages
