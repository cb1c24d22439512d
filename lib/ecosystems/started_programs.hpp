// What the start commands and the health check of an image, and those of Compose files, call: themselves, through
// scripts of the source, and through scripts of the project that its package manager runs, and what the source starts.
// The full form of an image has programs that the runtime image has not, so the runtime stage must install what is
// called.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ecosystems/runtime.hpp"

namespace dockhew::inline ecosystems {

// A shell script whose commands are not known.
struct UnreadScript {
  std::string path;      // in the image, or its name
  std::string_view why;  // for a person: "is not in the build context"
};

struct StartedPrograms {
  std::set<std::string> names;                   // without directories
  std::set<std::string> by_scripts;              // of these, what a script or the source calls
  std::map<std::string, std::string> by_others;  // of these, what somebody else than the image starts, and where
  std::set<std::string> commands;                // with the word that follows: "gem pristine"
  std::map<std::string, std::string> cached;     // by tool, a command that takes all from its cache: "npm ci --offline"
  std::map<std::string, std::string> scripts;    // the texts of shell scripts, by their paths
  std::vector<UnreadScript> unread;
  std::vector<std::string>
      installs;  // package managers that install when the container starts: "`npm` in `/app/run.sh`"
};

// `runtime`: of the stage's ecosystem. Many steps ask for what their stage starts, so it is found once for each.
std::shared_ptr<const StartedPrograms> find_started_programs(const Dockerfile& file, const Stage& stage,
                                                             const Runtime& runtime);

}  // namespace dockhew::inline ecosystems
