// Where this machine pulls images through: the files in which Docker's daemon, with and without root, and Podman are
// told their mirrors.
#pragma once

#include <vector>

#include "registry/mirrors.hpp"

namespace dockhew::cli {

class UserMirrors {
 public:
  // Reads the files.
  UserMirrors();

  // Who is asked before the registry of an image, and for what.
  std::vector<ImageReference> of(const ImageReference& image) const;

 private:
  std::vector<MirroredPrefix> docker_, podman_;
};

}  // namespace dockhew::cli
