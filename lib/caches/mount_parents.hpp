// The directories above a mount's target. A builder creates the missing ones as root, and they stay in the layer (seen
// with the BuildKit of Docker 20.10): any other user can then write to the mount, but not next to it. With a mount on
// /home/node/.cache/yarn, Corepack can no longer create /home/node/.cache/node. So the user makes them before.
#pragma once

#include <string>
#include <vector>

#include "model/outcome.hpp"
#include "model/site.hpp"
#include "text/edit.hpp"

namespace dockhew::inline caches {

// A RUN after the USER of the step that makes the directories which mounts on `targets` need; nothing for root, and
// where they are known to exist. Declined where the mounts would take a directory away from the user. `targets` are
// absolute and cleaned.
Outcome<std::vector<TextEdit>> make_parents(const Site& site, const std::vector<std::string>& targets);

// Whether the image has a directory, as far as it is known, when the step begins.
bool is_there(const Site& site, const std::string& directory);

// Whether the step makes it, or something below: by WORKDIR, a command that makes directories, or a COPY.
bool makes_directory(const Site& site, const std::string& directory);

}  // namespace dockhew::inline caches
