// Which names of images are Docker's own. Whoever builds has given an image any other name that has neither a registry
// nor an owner.
#pragma once

#include <algorithm>
#include <string_view>

#include "facts/facts.hpp"

namespace dockhew::inline facts {

// Whether Docker Hub serves, or has served, an image of this name without an owner: "debian".
inline bool is_official_image(const Facts& facts, std::string_view name) {
  return std::ranges::find(facts.official_images, name) != facts.official_images.end();
}

// Whether an image can only be one that whoever builds has made: Docker Hub has no such name, or it is one that Podman
// gives to images of this machine, "localhost/app".
inline bool is_local_name(const Facts& facts, const ImageReference& reference) {
  if (reference.registry == "localhost") return true;
  return reference.registry.empty() && reference.repository.find('/') == std::string::npos &&
         !is_official_image(facts, reference.repository);
}

}  // namespace dockhew::inline facts
