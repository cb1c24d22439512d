// The text of the two stages: every instruction with its comments where it has its place, and between them what the
// runtime stage takes from the builder.
#pragma once

#include <map>

#include "ecosystems/runtime.hpp"
#include "stages/step_placement.hpp"
#include "text/edit.hpp"

namespace dockhew::inline stages {

using CommandsByStep = std::map<std::size_t, std::vector<std::string>>;

struct BuilderStage {
  std::size_t build = 0;                 // the last step that builds or installs
  bool runs_source = false;              // the container runs the copied files, so what is built lies beside them
  std::vector<std::string> after_build;  // commands
};

struct RuntimeStage {
  std::string image;
  std::string installation;         // of packages: whole lines
  std::vector<Artifact> artifacts;  // from the builder
  CommandsByStep repeats;           // what RUNs of the builder do besides building, in place of each
  std::vector<std::string> before;  // commands that make room for the artifacts
  std::vector<std::string> after;   // commands that follow the artifacts: of owners, and of the loader
};

// Whether the artifact can be written in a COPY.
bool can_be_written(const Artifact& artifact);

// Replaces the only stage of the file.
TextEdit write_stages(const Dockerfile& file, const Placement& placement, const BuilderStage& builder,
                      const RuntimeStage& runtime);

}  // namespace dockhew::inline stages
