// Finds projects that are built or installed after their source is copied while nothing before that COPY fetches,
// compiles or installs what they depend on, so that every edit of the source pays for all of it again.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "ecosystems/context_scripts.hpp"
#include "ecosystems/dependency_step.hpp"
#include "model/site.hpp"

namespace dockhew::inline layers {

struct MissingLayer {
  Site build;
  const ToolUse* use = nullptr;  // that builds or installs
  DependencyLayer layer;         // that its dependencies could have
  std::size_t copy = 0;          // index in the stage of the COPY of the source, or of the first that has a part of it
  bool in_parts = false;
  std::optional<Project> project;               // nothing if its place in the context is not known
  std::string directory;                        // of the image, where the manifests of the project are
  std::shared_ptr<const ContextScript> script;  // that builds, where the RUN does not itself

  std::size_t run() const { return build.earlier().size(); }  // index in the stage
};

// Of the first use in the step that wants such a layer; nothing when it has one, or has no dependencies.
std::optional<MissingLayer> find_missing_layer(const Site& build);

}  // namespace dockhew::inline layers
