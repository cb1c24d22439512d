// What the history of an image says of the distribution that it is made of. A tag need not name its release, and a
// private image says nothing at all, but each step that made an image is recorded in its configuration.
#pragma once

#include "facts/base_image.hpp"
#include "text/json.hpp"

namespace dockhew::inline registry {

// Of the whole configuration.
void read_release(const Json& configuration, BaseImage& image);

}  // namespace dockhew::inline registry
