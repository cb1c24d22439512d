// Blueprints of hosting services that build a Dockerfile of the repository: what Render, Heroku and DigitalOcean build,
// with which context, and what they start in the image.
#pragma once

#include <string>

#include "project/build_files.hpp"

namespace dockhew::cli {

bool is_hosting_file(const std::string& path);
Builds read_hosting_file(const std::string& path);

// Adds what Azure and Google build by settings that are known by what stands in them, as any file can be called so:
// `azure.yaml`, tasks of Azure's registry, `app.yaml` of App Engine. They build without BuildKit.
void mark_builds_by_services(const std::string& path, const std::string& text, Builds& result);

}  // namespace dockhew::cli
