// Whether the program that a container starts can run: it exists, and so do its interpreter, its loader and every
// shared library, as the dynamic loader would search for them (ld.so(8)). Nothing is executed.
#pragma once

#include <string>
#include <vector>

#include "image/image.hpp"

namespace dockhew::inline image {

// What is missing, one sentence each; empty when nothing is.
std::vector<std::string> missing_needs(const Image& image);

// Where a command of a program that runs in `directory` is, as execvp searches; empty when it is nowhere.
std::string find_command(const Image& image, const std::string& name, const std::string& directory);

}  // namespace dockhew::inline image
