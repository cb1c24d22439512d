// Settings of an installation that lie in the image's directory of the project, but in another one of the build context
// than the manifests: `COPY src .` beside `COPY package.json .` may bring a `.npmrc`. The COPY that brings them cannot
// be moved behind the installation.
#pragma once

#include <string>
#include <vector>

#include "layers/late_installation.hpp"
#include "model/outcome.hpp"
#include "model/site.hpp"

namespace dockhew::inline layers {

// The same of settings above the project, and in the user's home, where COPYs from `first` on bring the source there.
Obstacle outer_settings_that_move(const Site& run, const ToolUse& use, std::size_t first,
                                  const std::vector<std::string>& kept);

// `kept`: context paths that are copied before the installation, whatever is moved.
Obstacle settings_that_move(const Site& run, const LateInstallation& late, const std::vector<std::string>& kept);

}  // namespace dockhew::inline layers
