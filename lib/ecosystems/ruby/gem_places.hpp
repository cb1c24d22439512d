// Where RubyGems and Bundler put gems, and where Bundler keeps the settings by which it finds them again.
#pragma once

#include <string>
#include <vector>

#include "ecosystems/runtime.hpp"
#include "model/outcome.hpp"
#include "model/site.hpp"

namespace dockhew::inline ecosystems {

// The words of `bundle config`, of any version: `bundle config set --local path vendor/bundle`.
struct BundleSetting {
  std::string name;  // empty where the command only tells
  Value value;
  bool removed = false;  // `--delete`, `unset`
  bool local = false;    // told to be the project's
};
std::optional<BundleSetting> bundle_setting(const ShellCommand& command);

// Where `bundle install` puts gems: its own option, an earlier `bundle config` of the stage, or the environment.
// Undefined where it is GEM_HOME; a path that is not absolute starts where the command runs.
Value bundle_path(const Site& site, const ShellCommand& command);

struct GemPlaces {
  std::vector<std::string> directories;  // absolute; the settings of Bundler are in one of them
  std::vector<std::string> repeated;     // commands whose settings may be in a home directory
};

// Of the steps of the stage until the build. Declined where a place is not known.
Outcome<GemPlaces> find_gem_places(const Conversion& conversion);

}  // namespace dockhew::inline ecosystems
