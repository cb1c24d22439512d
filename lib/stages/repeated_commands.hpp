// What a RUN that goes to the builder does for the image besides building: directories, links and small files, modes
// and owners of what the runtime stage has copied itself. The runtime stage gets a RUN that does the same.
#pragma once

#include <string>
#include <vector>

#include "ecosystems/runtime.hpp"
#include "model/dockerfile.hpp"
#include "stages/runtime_places.hpp"

namespace dockhew::inline stages {

struct OwnedPath {
  std::string path;
  std::string owner;  // as it is written
  bool recursive = false;
};

struct RepeatedCommands {
  std::vector<std::string> commands;  // as they are written
  std::vector<OwnedPath> owned;       // what they give to others
  std::vector<std::string> made;      // paths
};

// A part of a project's source or of its build output: `src/main.rs`, `target/release`, a dummy for one of them.
bool is_part_of_source(const std::string& path, const Value& project);

// Declined where one that would be needed cannot be repeated. `step`: a RUN whose script is known. What is in
// `artifacts` comes from the builder, with its owner and mode; `places`: what the runtime stage has before it.
Outcome<RepeatedCommands> find_repeated_commands(const Facts& facts, const Runtime& runtime, const Step& step,
                                                 const std::vector<Artifact>& artifacts, const RuntimePlaces& places);

}  // namespace dockhew::inline stages
