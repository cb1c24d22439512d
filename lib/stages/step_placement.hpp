// Where every instruction of a single-stage file goes when it becomes a builder and a runtime stage. An instruction
// that could belong to either but cannot be in both makes the conversion impossible.
#pragma once

#include <string>
#include <vector>

#include "ecosystems/runtime.hpp"
#include "model/dockerfile.hpp"
#include "model/outcome.hpp"

namespace dockhew::inline stages {

struct Place {
  bool builder = false;
  bool runtime = false;
  bool creates_users = false;  // in the runtime stage too, where only the builder has the step
};

struct Placement {
  std::vector<Place> places;               // for each step
  std::vector<std::size_t> package_steps;  // install system packages for the build, some with other commands
  std::vector<std::string> configured;     // programs that are set up in the builder alone
};

// `build`: the last step that builds or installs. `runs_source`: the container runs the copied files themselves, so
// what is done to them must be done in the runtime stage too.
Outcome<Placement> place_steps(const Facts& facts, const Runtime& runtime, const Stage& stage, std::size_t build,
                               bool runs_source);

// Where the source of what `build` builds is: where the build tool runs, unless its ecosystem knows better.
Value built_directory(const Runtime& runtime, const Stage& stage, const Step& build);

// Whether a command sets up a program for the user who runs it: `git config`.
bool configures_tool(const Facts& facts, const ShellCommand& command);

// Whether a step copies manifests that the builder needs for the installation, and that come again with the whole
// source.
bool is_covered_later(const Dockerfile& file, const Stage& stage, const Placement& placement, std::size_t step);

}  // namespace dockhew::inline stages
