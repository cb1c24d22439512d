// Whether the lock file of npm says of the project what its package.json says. `npm ci` stops where the two differ, and
// `npm install` changes the lock file.
#pragma once

#include <cstdint>

#include "model/outcome.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

enum class LockState : std::uint8_t {
  absent,   // none is copied before the installation
  matches,  // it declares the same dependencies as package.json, and has all packages that its packages ask for
  differs,
  incomplete,  // it lacks packages: those for other platforms, which npm has left out of many lock files
  unreadable,  // by the npm of the image, which chooses versions instead
};

// `npm install`, without the names of packages: `npm ci` does the same and keeps to the lock file.
bool may_change_lock(const ToolUse& use);

// Whether the npm of the stage's image has `npm ci`: npm 6 came with Node.js 8.12 and 10.3. True where the image is not
// known.
bool has_clean_install(const Site& site);

// For an installation of npm that names no packages. Declines where the two cannot be compared.
// https://docs.npmjs.com/cli/commands/npm-ci
Outcome<LockState> lock_state(const Site& site, const ToolUse& use);

}  // namespace dockhew::inline ecosystems
