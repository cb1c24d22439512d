// What a use of a package manager installs, and where. Whether an installation is global, and whether it needs only
// the manifests or all of the source, is answered here.
#pragma once

#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

// What says which packages a use installs.
enum class Declares {
  nothing,   // it installs nothing, or what it installs is not known
  names,     // its operands: packages, archives, directories
  manifest,  // what a manifest declares, and that alone
  project,   // the same, and the project itself is installed with it, which options could leave out
};

struct Installation {
  Declares declares = Declares::nothing;
  bool global = false;  // certainly into the image or the user's home, and not into the project
};

// By the ecosystem of the tool; of a tool that only a user's table knows, by the words of the command.
Installation installation_of(const ToolUse& use);

// Whether the use installs what a manifest declares, with the project or without.
bool installs_from_manifest(const ToolUse& use);

// The same, of the project's own manifest rather than of a list that the command names.
bool installs_own_manifest(const ToolUse& use);

// Whether the project itself is installed, and its dependencies could be installed alone.
bool installs_project(const ToolUse& use);

// `npm ci --omit=dev`: an installation that takes away what only the build needed, if that is there.
bool removes_development(const ToolUse& use);

// `go install example.org/tool@v1`: a package of somebody else, at a version of its own, has nothing to do with the
// source.
bool names_versions(const ToolUse& use);

// Installs packages by name into the system, takes some away there, or empties a cache: none of it reads the project.
bool installs_by_name(const ToolUse& use);

// For ecosystems.

// `-g`, `--global`, `yarn global add`.
bool is_told_global(const ToolUse& use);

// An installation of what its operands name; nothing without any. `into_system`: where it goes by default.
Installation named_installation(const ToolUse& use, bool into_system);

// `install`, `i`, `ci` or `sync` without an operand, which installs what the manifest of this project declares. Words
// like `add` and `require` change the manifest; packages that are named, or installed globally, are not its own.
bool is_plain_installation(const ToolUse& use);

}  // namespace dockhew::inline ecosystems
