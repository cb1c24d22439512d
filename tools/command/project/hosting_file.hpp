// Blueprints of hosting services that build a Dockerfile of the repository: what Render, Heroku and DigitalOcean build,
// with which context, and what they start in the image.
#pragma once

#include <string>

#include "project/build_files.hpp"

namespace dockhew::cli {

bool is_hosting_file(const std::string& path);
Builds read_hosting_file(const std::string& path);

}  // namespace dockhew::cli
