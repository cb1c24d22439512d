// Which of the packages in an image's `node_modules` only the development of a project needs: what `npm prune
// --omit=dev` would remove. npm writes that down; elsewhere it follows from what each package says it depends on.
#pragma once

#include <set>
#include <string>

#include "image/image.hpp"

namespace dockhew::inline ecosystems {

// Files, links and directories below `directory`, which holds one project or several.
std::set<std::string> find_development_packages(const Image& image, const std::string& directory);

}  // namespace dockhew::inline ecosystems
