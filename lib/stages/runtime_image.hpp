// Which image a program runs in that was built in another: the distribution's own for what is compiled, the slim form
// of the same image for what is interpreted.
#pragma once

#include <string>

#include "model/dockerfile.hpp"

namespace dockhew {

struct RuntimeImage {
  std::string name;                 // as FROM takes it; the stage's own where that is a runtime image already
  std::string lost_variables;       // that the base image sets and the runtime image does not, for a person
  bool other_distribution = false;  // than that of the base image, so that packages have other names
  std::string declined;             // why there is none
};

// `stage` is built on an image that the tables know.
RuntimeImage find_runtime_image(const Facts& facts, const Stage& stage);

}  // namespace dockhew
