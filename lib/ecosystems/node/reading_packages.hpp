// Packages whose own installation reads the project: Prisma's client is generated from a schema, Puppeteer reads where
// to put its browser. Their files are copied with the manifests, or the installation cannot go before the source.
#pragma once

#include <string>
#include <vector>

#include "model/build_context.hpp"
#include "model/outcome.hpp"

namespace dockhew::inline ecosystems {

// Adds what they read to the paths, and takes away what none of them reads. `package_json`: the text of the manifest in
// the directory.
Obstacle add_read_files(const BuildContext& context, const std::string& directory, const std::string& package_json,
                        std::vector<std::string>& paths);

// The same of a package of a workspace, whose schema may be read whether or not it uses Prisma's client itself.
Obstacle add_read_files_of_member(const BuildContext& context, const std::string& directory,
                                  const std::string& package_json, std::vector<std::string>& paths);

}  // namespace dockhew::inline ecosystems
