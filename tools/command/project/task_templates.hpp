// Health checks in templates of tasks for ECS, which no reader of JSON or YAML reads: Terraform, files that a template
// engine fills in, CloudFormation; and in units for Podman. What they run must be in the image.
#pragma once

#include <string>
#include <string_view>

#include "project/build_files.hpp"

namespace dockhew::cli {

// By the name; a file of CloudFormation may have any name.
bool is_task_template(std::string_view name);
bool has_task_definition(std::string_view text);

Builds read_task_template(const std::string& path, std::string_view text);

}  // namespace dockhew::cli
