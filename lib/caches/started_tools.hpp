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

// The start instruction of which the question is true, for the containers that have what the site's step leaves: it may
// stand before the step, or in a stage that this one is built on. `holds` must be false of any but the last of a stage.
template <typename Holds>
std::optional<Site> find_start(const Site& site, StepAnswers::Name question, const Holds& holds) {
  if (auto later = site.first_later(question, holds)) return later;
  return site.first_earlier(question, holds);
}

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
