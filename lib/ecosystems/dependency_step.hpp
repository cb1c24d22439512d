// How the dependencies of a project that is built or installed as a whole are installed by a separate step. All of it
// is data: where the step goes, and what it may not move past, is for others to decide.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ecosystems/manifests.hpp"

namespace dockhew::inline ecosystems {

// What can be seen from the command of the build alone.
struct DependencyLayer {
  std::string_view title;              // of making one: "download the modules in a separate layer"
  bool own_command = false;            // it runs the build's command, with all of its words and variables
  bool repeats_choice = false;         // with the build, where that is one of several: see build_choice.hpp
  bool only_downloads = false;         // into a store, so that a cache mount there leaves it nothing to save
  bool compiles = false;               // it compiles what it brings, so that caches of builds help
  bool writes_project = false;         // beside the manifests
  bool kept_in_project = false;        // what it makes is in the project's directory, where a cache mount keeps it too
  bool repeats_settings = false;       // what sets up or installs the tool in the same RUN is done for it too
  bool finds_manifests_above = false;  // it may run below the directory of the manifests
  std::string_view vendor = "vendor";  // the directory of a project that brings its dependencies
  // Whether it would do something else without the variable.
  bool (*reads)(std::string_view variable) = nullptr;
  // Whether the first of the required manifests names any dependency, by its text; null: it is taken to.
  bool (*declares)(std::string_view manifest) = nullptr;
  // Whether an earlier use of the tool in the same RUN does not affect it; null: all do.
  bool (*ignores)(const ToolUse& earlier) = nullptr;
};

// The step itself.
struct DependencyStep {
  std::vector<std::string> manifests;     // to be copied ahead; in the context, wildcards included
  std::vector<std::string> needed;        // files without which there is no such step: all must come with the source
  std::vector<std::string> commands;      // to run where the build runs, one after the other
  std::vector<std::string> before_build;  // to run right before the build
  std::vector<Assumption> assumptions;
};

// For ecosystems.

// The layer and the step of a command that installs the project too, and that `options` keep from doing so.
DependencyLayer own_command_layer();
Outcome<DependencyStep> own_command_step(const Site& site, const ToolUse& use, const Project& project,
                                         const std::string& options);

// Whether a variable is about the program itself, so that nothing that compiles or installs its dependencies reads it:
// `PORT`, `APP_NAME`.
bool is_about_program(std::string_view variable);

// Whether a variable changes every download: the proxy, the home directory.
bool changes_downloads(std::string_view variable);

bool starts_with_any(std::string_view name, std::span<const std::string_view> prefixes);

}  // namespace dockhew::inline ecosystems
