// How two images differ, where it matters to whoever runs them. What every build leaves differently (caches, logs, byte
// code) is counted under its name and not listed. Times are not compared: a rebuild changes them all.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "image/image.hpp"

namespace dockhew {

struct Difference {
  std::string what;    // a path, or a part of the configuration: "ENV PATH", "CMD"
  std::string before;  // empty when it is not there
  std::string after;
};

struct Tally {
  std::size_t files = 0;
  std::uint64_t bytes = 0;
};

struct Comparison {
  std::vector<Difference> configuration;
  std::vector<Difference> files;
  std::map<std::string, Tally> ignored;  // by class: "package-manager caches", "logs", …
  std::map<std::string, Tally> dropped;  // by kind: "headers", "a toolchain"; only when another final stage is meant
  std::vector<std::string> missing;      // what the program that starts needs and has not
  bool equivalent() const { return configuration.empty() && files.empty() && missing.empty(); }
};

// What the Dockerfile itself sets, as opposed to its base image. Only this is compared when the base image changes.
struct OwnConfiguration {
  std::set<std::string> environment;
  bool entrypoint = false, command = false;
};

Comparison compare_images(const Image& original, const Image& optimized);

// The same where the optimized form has another final stage by design: files that are gone are counted as dropped, what
// the other base brings is not a difference, and the program that starts must find all it needs.
Comparison compare_converted(const Image& original, const Image& optimized, const OwnConfiguration& own);

}  // namespace dockhew
