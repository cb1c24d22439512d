// Whether the program that a container starts can run: it exists, and so do its interpreter, its loader and every
// shared library, as the dynamic loader would search for them (ld.so(8)). Nothing is executed.
#pragma once

#include <string>
#include <vector>

#include "image/image.hpp"

namespace dockhew::inline image {

// What is missing, one sentence each; empty when nothing is.
std::vector<std::string> missing_needs(const Image& image);

}  // namespace dockhew::inline image
