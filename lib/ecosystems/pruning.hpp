// Removing what was installed for the build alone: `npm prune`. It depends on the manifests and
// not on the source, so a stage of its own can do it, where the build leaves the dependencies as they are.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "facts/facts.hpp"
#include "model/outcome.hpp"
#include "model/site.hpp"

namespace dockhew::inline ecosystems {

struct BuiltProject {
  const Stage* stage;                // that builds it
  std::size_t end;                   // step after the build
  std::string directory;             // in the image
  std::string root;                  // in the context
  std::vector<std::string> scripts;  // that the ecosystem's tool runs; nothing else runs after the installation
};

// Dependencies that a project has for its development alone, and how they can be taken away.
struct Superfluous {
  std::vector<std::string> packages;  // that the manifest names, by their names; not empty
  std::string command;                // that takes them away at the end of the stage: "npm prune --omit=dev --no-save"
  std::string title;                  // the same for a person: "npm prune --omit=dev"
  std::string option;                 // with which an installation leaves them out, where that is all; else empty
};

struct Pruning {
  std::string_view dependencies;  // the directory that holds them, in the project's: "node_modules"
  bool (*prunes)(const ShellCommand&);
  Words tidied_by = {};  // other programs that take files out of the dependencies: "node-prune"
  // See only_prunes.
  bool (*only_prunes)(const Site&, const ToolUse&);
  std::string_view fetches = {};  // the tool that fetches what is not in its cache when it prunes
  // Whether a use installs what is pruned, as the manifests declare it.
  bool (*installs)(const ToolUse&);
  // What is for development in `project`, a directory of `builder`, of which `runner` takes the dependencies to run
  // them. Declined where there is nothing, or where what the container starts may need some of it.
  Outcome<Superfluous> (*find_superfluous)(const Dockerfile&, const Stage& builder, const Stage& runner,
                                           const std::string& project);
  // What in a project of the context keeps the dependencies from being known to be installed alone. `root` is nothing
  // where the project's place in the context is not known.
  Obstacle (*find_obstacle)(const BuildContext&, const std::optional<std::string>& root);
  // The script that a command runs. Declined when it may write into the dependencies.
  Outcome<std::string> (*find_script)(const BuildContext&, const BuiltProject&, const ShellCommand&);
  // The instructions that bring the project, all but its dependencies, to where `whole` copies its directory, a line
  // each. Nothing when what the build writes is not known, or when something else may lie in the directory.
  std::optional<std::vector<std::string>> (*copies_of_project)(const Dockerfile&, const BuiltProject&,
                                                               const Step& whole);
};

// Whether an installation only takes away what was installed for the build: `npm install --production` where an earlier
// command has installed everything, or has built with it.
bool only_prunes(const Site& site, const ToolUse& use);
// The same where it downloads nothing: Yarn fetches what is not in its cache.
bool prunes_in_place(const Site& site, const ToolUse& use);

// The directory of dependencies that a command takes files out of, as `npx node-prune` does; nothing for others.
std::optional<std::string> tidied_dependencies(const ShellCommand& command);

}  // namespace dockhew::inline ecosystems
