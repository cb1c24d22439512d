// Which branch of an `if` runs, where its condition compares two words that the file tells, or asks for a file of the
// build context: `if [ -f yarn.lock ]; then yarn; elif [ -f pnpm-lock.yaml ]; then pnpm install; else npm ci; fi`.
#pragma once

#include <cstdint>

#include "model/site.hpp"

namespace dockhew::inline effects {

enum class Branch : std::uint8_t {
  may_run,              // as far as is known
  dead_by_default,      // not taken while the build arguments have their defaults
  dead_by_missing_file  // not taken because of a file that is not copied into the stage, or of one that is
};

// Of the branches that contain a command of the site's script.
Branch branch_of(const Site& site, const ShellCommand& command);

}  // namespace dockhew::inline effects
