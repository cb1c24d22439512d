// Whether the development dependencies of a project can be taken out of `node_modules` when it is built: how they came
// there, and whether what the container starts may need one.
#pragma once

#include <string>
#include <string_view>

#include "ecosystems/node/prune_command.hpp"
#include "model/outcome.hpp"
#include "model/site.hpp"

namespace dockhew::inline ecosystems {

// What the uses of package managers in a stage say together. Tools that are installed globally do not count.
struct PackageUses {
  bool all_here = true;          // all work in the project's own directory
  std::string_view manager;      // the first of them; empty without any
  bool one_manager = true;       // no other is used
  bool has_development = false;  // development dependencies are installed

  bool npm_only() const { return one_manager && (manager.empty() || manager == "npm"); }
};

// Whether a use installs into a project or builds with what is there.
bool is_of_project(const ToolUse& use);

// `project`: a directory of the image.
PackageUses find_package_uses(const Dockerfile& file, const Stage& stage, const std::string& project);

// Whether development dependencies are there at the end of a stage.
bool has_development_left(const Dockerfile& file, const Stage& builder, const std::string& project);

// The command that takes them away at the end of `builder`. Declined with why they stay, a clause.
Outcome<PruneCommand> find_development_removal(const Dockerfile& file, const Stage& builder, const Stage& runner,
                                               const std::string& project);

}  // namespace dockhew::inline ecosystems
