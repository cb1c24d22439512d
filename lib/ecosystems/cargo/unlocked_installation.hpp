// `cargo install --path .` leaves Cargo.lock alone and chooses the newest versions that fit, unless it is told
// `--locked`.
#pragma once

#include <cstddef>
#include <optional>

#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

struct UnlockedInstallation {
  std::size_t word = 0;  // the index of the one that `--locked` goes after
  bool has_all = false;  // the lock file has the package in its version, and all that it depends on
};

// Where the project's Cargo.lock is there and not asked for; nothing for other uses.
// https://doc.rust-lang.org/cargo/commands/cargo-install.html#dealing-with-the-lockfile
std::optional<UnlockedInstallation> unlocked_installation(const Site& site, const ToolUse& use);

}  // namespace dockhew::inline ecosystems
