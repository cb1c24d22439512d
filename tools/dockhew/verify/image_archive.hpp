// Reads an image from the archive that `docker save` and `buildah push docker-archive:` write: layers applied one on
// top of the other, with their whiteouts (OCI image specification, "Image Layer Filesystem Changeset").
#pragma once

#include <string>

#include "image/image.hpp"

namespace dockhew::cli {

struct ReadImage {
  Image image;
  std::string error;  // for the user; empty when everything was read
};

ReadImage read_image(const std::string& archive);

}  // namespace dockhew::cli
