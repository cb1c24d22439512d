// What the programs of clouds build and run in a script: `gcloud builds submit`, `gcloud run deploy --source .`, `kamal
// deploy`, `kamal app exec`.
#pragma once

#include <cstddef>
#include <string>

#include "model/script.hpp"
#include "project/docker_commands.hpp"

namespace dockhew::cli {

bool is_cloud_command(const ShellCommand& command);

// `line`: of the command in its file. Adds what the command builds, or runs in an image; nothing where it does neither.
void add_cloud_command(const DockerScript& script, const std::string& name, const ShellCommand& command,
                       std::size_t line, Builds& result);

// What Google builds of the source in a directory: its Dockerfile, without BuildKit. `base`: what that is relative to.
Build submitted_build(const std::string& name, const std::string& directory, const std::string& base, std::size_t line);

}  // namespace dockhew::cli
