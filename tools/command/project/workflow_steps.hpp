// What a step of a workflow builds, and what its job says of the machine: on what it runs, and what that keeps.
#pragma once

#include <yaml-cpp/yaml.h>

#include <string>
#include <string_view>
#include <vector>

#include "project/build_files.hpp"
#include "project/docker_commands.hpp"
#include "project/workflow_values.hpp"

namespace dockhew::cli {

std::string text_of(const YAML::Node& node, const char* fallback);

// The variables that a workflow, a job and a step set, the innermost last.
using Environments = std::vector<YAML::Node>;

// `${{ env.IMAGE }}:latest` with the value of the variable, where the file has it.
std::string with_environment(std::string_view text, const Environments& environments);

// Whether a step builds by an action: https://github.com/docker/build-push-action,
// https://github.com/redhat-actions/buildah-build, whose paths are relative to the repository, or
// https://github.com/elgohr/Publish-Docker-Github-Action, `docker build` in a directory, to which all paths are
// relative.
bool builds_by_action(const YAML::Node& step);
Build build_of_action(const YAML::Node& step, const std::string& job, const std::string& root,
                      const Environments& environments);

// The commands of a step that has some.
DockerScript script_of(const YAML::Node& step, const std::string& root, const std::string& path);

// Whether a job runs on GitHub's own machines, which are new for every job.
bool runs_hosted(const YAML::Node& job, const WorkflowValues& given = {});

// GitHub's own cache is there for its machines.
bool uses_hosted_cache(const Build& build);

// Whether docker/bake-action is told in its `set` where layers come from: `*.cache-from=type=gha`.
bool bakes_with_layers(const YAML::Node& step);

// Whether a step may put into the checkout what Git does not have: packages, results of a build.
bool prepares_checkout(const YAML::Node& steps);

// A step that keeps cache mounts from one run to the next, or uses a builder that is elsewhere.
bool keeps_mounts(const YAML::Node& steps);

}  // namespace dockhew::cli
