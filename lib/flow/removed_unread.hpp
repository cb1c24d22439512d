// `COPY . .`, then `RUN rm -rf frontend`: what a RUN removes of a copied directory before anything can have read it was
// sent, and is stored in the layer of the COPY, for nothing.
#pragma once

#include <string>
#include <vector>

#include "flow/wide_copies.hpp"

namespace dockhew::inline flow {

// Paths in the image, below the place of the copy; none where that is not known.
std::vector<std::string> removed_unread(const Dockerfile& file, const WideCopy& copy);

}  // namespace dockhew::inline flow
