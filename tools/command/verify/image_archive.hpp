// Reads an image from the archive that `docker save` and `buildah push docker-archive:` write: layers applied one on
// top of the other, with their whiteouts (OCI image specification, "Image Layer Filesystem Changeset").
#pragma once

#include <functional>
#include <string>

#include "image/image.hpp"

namespace dockhew::cli {

struct ReadImage {
  Image image;
  std::string error;  // why it cannot be read: "its manifest names no layers"; empty when everything was read
};

// Whether the whole text of a file is needed. Larger files than 8 MiB, or 32 of a program, and what is beyond 64 MiB of
// all, come without. An image never takes more than 180 MB; what would is an error.
using KeepsText = std::function<bool(const std::string& path)>;

// What is damaged, or not as the specification has it, is an error: half an image must never be compared.
ReadImage read_image(const std::string& archive, const KeepsText& keeps);

}  // namespace dockhew::cli
