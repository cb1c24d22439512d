// What Kaniko's executor builds in a script: `/kaniko/executor --context . --dockerfile docker/Dockerfile`. It has no
// mounts.
#pragma once

#include <optional>
#include <string_view>

#include "model/script.hpp"
#include "project/docker_commands.hpp"

namespace dockhew::cli {

constexpr std::string_view kaniko_refusal = "has Kaniko build it, which ignores mounts";

bool is_kaniko(const ShellCommand& command);

// `line`: of the command in its file. Adds a build, or one of which it is not known where it is.
void add_kaniko_build(const DockerScript& script, const std::string& name, const ShellCommand& command,
                      std::size_t line, Builds& result);

}  // namespace dockhew::cli
