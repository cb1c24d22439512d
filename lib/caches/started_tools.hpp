// Whether containers of an image run a package manager, or a program that runs it, on what the build has downloaded:
// then that must be in the image and not in a mount.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "ecosystems/started_programs.hpp"
#include "model/site.hpp"

namespace dockhew::inline caches {

// The last start instruction speaks for all of its stage, so that their scripts are read once.
bool is_last_start(const Site& site);

// What the container of a stage starts, with the scripts that it calls; of the languages' own sources nothing.
std::shared_ptr<const StartedPrograms> started_in(const Site& site);

// The program, if the step is the last start instruction of its stage and runs the tool, itself or in a script.
std::optional<std::string> started_by_image(const Site& later, const Tool& tool);

// The same where somebody else than the image says what the container of a stage with the site's results runs.
struct StartedElsewhere {
  std::string program;
  std::string place;  // for a person: "compose.yaml:7"
};
std::optional<StartedElsewhere> started_by_others(const Site& site, const Tool& tool);

}  // namespace dockhew::inline caches
