// Base images that Docker Hub had once and has no longer, because whoever published them deleted them. A build that
// starts from one stops, and its author may not know: the machine that builds still has the layers. What a registry
// says when it is asked (`--resolve`) is newer than this.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "facts/image_reference.hpp"

namespace dockhew::inline facts {

struct RemovedImage {
  std::string_view when;    // it was deleted: "November 2025"; empty where it never was there
  std::string replacement;  // the name of what has the same in it; empty where nothing certain can be said
  std::string_view advice;  // what to take where there is no replacement, as a clause: "take …"; may be empty
  bool same_image = false;  // the replacement is the image itself under another name
};

// Nothing where the image may still be there. A digest is not judged: what is pulled by digest outlives its tag.
std::optional<RemovedImage> removed_image(const ImageReference& reference);

}  // namespace dockhew::inline facts
