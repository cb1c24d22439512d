// Whether `uv sync` takes what uv.lock says, or may choose other versions where pyproject.toml asks for something that
// the file has not. `--locked` has it stop there.
#pragma once

#include <optional>

#include "model/outcome.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

// Of the project's own manifest, beside a lock file that is copied before it.
struct UnlockedSync {
  bool lacks_package = false;  // the lock file does not name one that the manifest asks for
  Obstacle obstacle;           // why the lock file was not seen to be up to date, as `--locked` demands
};

// Nothing where it is locked, where nobody can say, and for other commands.
// https://docs.astral.sh/uv/concepts/projects/sync/#automatic-lock-and-sync
std::optional<UnlockedSync> unlocked_sync(const Site& site, const ToolUse& use);

}  // namespace dockhew::inline ecosystems
