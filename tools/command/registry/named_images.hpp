// Where Compose files and workflows name images of a registry: `image:` of a service that is not built, and what a
// workflow runs as `docker://…`. Edits of these are edits of the text, so comments and quotes stay.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "registry/image_uses.hpp"

namespace dockhew::cli {

struct NamedImages {
  std::vector<ImageUse> uses;
  std::string error;  // for the user, with its place
};

// Nothing in files of other kinds. `path` says which kind it is.
NamedImages named_images(const std::string& path, std::string_view text);

}  // namespace dockhew::cli
