// Finds installations that come after a COPY of the source and could come before it, so that an edit of the source
// would not run them again. They install packages by name, or what manifests declare.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ecosystems/context_scripts.hpp"
#include "ecosystems/manifests.hpp"
#include "effects/source_parts.hpp"
#include "layers/cost.hpp"
#include "model/site.hpp"

namespace dockhew::inline layers {

struct LateInstallation {
  std::size_t run = 0;              // index of a step
  const ToolUse* use = nullptr;     // the first such use in its script, or in one of the context that it starts
  std::vector<SourcePart> sources;  // the COPY of the whole source, or those of its parts, ascending
  std::size_t changing = 0;         // the first COPY of the source of more than settings, if possible of a directory
  std::vector<std::string> files;   // that it copies, where nothing else is copied than single files and settings
  std::string directory;            // of the project, in the context, where the source is copied in parts
  // At most so many `others`; with as many, nothing is moved.
  static constexpr std::size_t most_others = 50;
  std::vector<std::size_t> others;  // other COPYs that an edit of the source changes: they move along, as a whole
  // Where a script of the context installs: what it runs, the command that starts it, and where the use stands in it.
  std::shared_ptr<const ContextScript> script;
  const ShellCommand* starter = nullptr;
  std::string place;
  bool of_manifests = false;  // the COPY brings what declares dependencies, and the use installs none of these
  std::string unclear;        // for a person, what of the script or of the RUN may do anything; empty where nothing may

  bool in_parts() const { return !directory.empty(); }
  void take_parts(std::optional<SourceParts> parts) {
    if (!parts) return;
    sources = std::move(parts->parts);
    directory = std::move(parts->directory);
  }
};

// Of a stage, in order. An installation has to come before all COPYs that an edit of the source changes, those of what
// other stages make of it included.
// `changed`: what changed_by_source says, computed where it is needed and not there yet.
std::vector<LateInstallation> find_late_installations(const Dockerfile& file, const Stage& stage,
                                                      std::optional<ChangedSteps>& changed);

// An installation in a stage that is built on one which copies the source: every edit of it starts both again.
struct InheritedSource {
  const Stage* copying = nullptr;
  std::size_t copy = 0;          // index of a step there
  std::size_t run = 0;           // index of a step of the stage itself
  const ToolUse* use = nullptr;  // in its script
};
std::vector<InheritedSource> find_inherited_sources(const Dockerfile& file, const Stage& stage,
                                                    std::optional<ChangedSteps>& changed);

// Whether a COPY before the installation, which is not of its project, may come after it.
bool may_come_later(const Site& run, const ToolUse& use, const Copy& copy);

// What `use` reads, and every other installation of the same tool in the first `head` elements of the RUN.
Outcome<Manifests> manifests_of_run(const Site& run, const ToolUse& use, std::size_t head, const Project& project);

}  // namespace dockhew::inline layers
