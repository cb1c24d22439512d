// The gems that a stage installs: what Gemfile.lock says in full, or else the names in a Gemfile and on command lines.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/dockerfile.hpp"

namespace dockhew::inline ecosystems {

struct Gem {
  std::string written;              // its name as the lock file has it
  std::string version;              // of the last entry of its name; empty where nothing says it
  bool compiled = false;            // an entry of it is for no platform, so that its native code is compiled
  std::vector<std::string> brings;  // names of gems that it depends on
};

struct Gems {
  // In lower case, with hyphens in place of underscores.
  std::map<std::string, Gem, std::less<>> locked;  // by a lock file
  std::vector<std::string> named;                  // by command lines, or by a Gemfile that has no lock file
  std::vector<std::string> local;                  // directories of gems of the project itself, relative to it
  std::string unread;                              // what names more of them that are not known; empty without it
};

Gems find_gems(const Dockerfile& file, const Stage& stage);

}  // namespace dockhew::inline ecosystems
