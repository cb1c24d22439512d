// The `docker` commands of what starts tasks of a project: Makefiles, scripts, package.json, justfile, Taskfile.yml;
// and of what tells people what to start: README.md.
#pragma once

#include <string>

#include "project/build_files.hpp"

namespace dockhew::cli {

bool is_task_file(const std::string& path);
Builds read_task_file(const std::string& path, const std::string& text);

}  // namespace dockhew::cli
