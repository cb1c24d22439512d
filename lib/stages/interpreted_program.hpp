// What the runtime stage of an interpreted program takes from the builder: the packages that were installed, or the
// whole directory of a project that was built in place. Declined where either may also lie elsewhere.
#pragma once

#include <string>
#include <vector>

#include "model/dockerfile.hpp"
#include "model/tool_use.hpp"

namespace dockhew {

struct Artifact {
  std::string from, to;  // as COPY takes them: `from` may be several files
};

struct InterpretedProgram {
  std::vector<Artifact> artifacts;
  bool prune = false;                  // the development dependencies of npm can go
  std::vector<std::string> checklist;  // for a person
  std::string declined;                // why the artifacts are not known
};

InterpretedProgram declined_program(std::string reason);

// `build`: the last step that installs with pip, in an image of Python's whose tag names the minor version.
InterpretedProgram find_python_packages(const Dockerfile& file, const Stage& stage, const Step& build);

// npm, Yarn and pnpm.
bool is_node_package_manager(std::string_view tool);
// `npm install -g`, `yarn global add`: into the image rather than the project.
bool is_global(const ToolUse& use);
// `npm install -g pnpm`: nothing but a package manager, which only the build needs.
bool installs_package_manager(const ToolUse& use);

// `build`: the last step that installs or builds with one of them. `builds_source`: some step builds, so that the
// container runs what the build has made and not only the packages beside a COPY of the source.
InterpretedProgram find_node_project(const Dockerfile& file, const Stage& stage, const Step& build, bool builds_source);

// A path that the container starts with, and that is neither in `artifacts`, nor in a directory of the base image, nor
// named by one of `runtime_steps`. Empty when there is none.
std::string find_missing_start_file(const Stage& stage, const std::vector<Artifact>& artifacts,
                                    const std::vector<const Step*>& runtime_steps);

}  // namespace dockhew
