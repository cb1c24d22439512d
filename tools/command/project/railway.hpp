// Railway builds the Dockerfile that it finds, and takes no cache mount without an id that names the service
// (https://docs.railway.com/builds/dockerfiles). Its settings file is optional: many repositories say only in a name, a
// comment or a guide that they are built there.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "project/build_files.hpp"

namespace dockhew::cli {

// Whether a file is named as such settings are: `railway.toml`, `deploy/railway.api.json`. They may lie anywhere.
bool is_railway_settings(std::string_view name);
Builds read_railway_settings(const std::string& path, std::string_view text);

// Whether the text of a Dockerfile has anything to do with the answer below.
bool may_speak_of_railway(std::string_view text);

// For a Dockerfile: what its own path and text say, and the names of files in the directories in which it may be built.
std::optional<RefusedMounts> refused_by_railway(const std::string& path, std::string_view text,
                                                const std::vector<std::string>& directories);

// Whether it was added because a file speaks of Railway, as below.
bool is_by_railway(const UnplacedBuild& build);
// Whether settings in one of the directories name a builder that needs no Dockerfile, and none.
bool builds_without_dockerfile(const std::vector<std::string>& directories);

// Adds a build to those of a file that says so in a command, an address or a variable.
void mark_builds_on_railway(const std::string& path, std::string_view text, Builds& result);

}  // namespace dockhew::cli
