// The user that the runtime stage needs, and the owners of the directories in which its program works: they must be the
// same as in the image of one stage.
#pragma once

#include "stages/repeated_commands.hpp"
#include "stages/step_placement.hpp"

namespace dockhew::inline stages {

// What belongs to a user in the builder is copied with the user's number, which must be the same in the runtime stage.
Obstacle number_obstacle(const Conversion& conversion);

// What keeps the runtime stage from having the user that runs the container. `same_family`: the runtime image has the
// users of the base image.
Obstacle user_obstacle(const Dockerfile& file, const Stage& stage, const Placement& placement, bool same_family);

// The commands of the runtime stage that give the directories back to their owners, but for those that other commands
// of it have given away: `given`. `build`: the last step that builds.
Outcome<std::vector<std::string>> keep_owners(const Dockerfile& file, const Stage& stage, const Placement& placement,
                                              std::size_t build, bool same_family, const std::vector<OwnedPath>& given);

}  // namespace dockhew::inline stages
