// How two images differ, where it matters to those who run them. What differs in every build (caches, logs, byte code)
// is counted by kind and not listed. Times are not compared: a rebuild changes them all.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "image/image.hpp"

namespace dockhew::inline image {

struct Difference {
  std::string what;    // a path, or a part of the configuration: "ENV PATH", "CMD"
  std::string before;  // empty when it does not exist
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
  std::map<std::string, Tally>
      dropped;                       // by kind: "headers", "a toolchain"; only if the final stage is meant to differ
  std::vector<std::string> missing;  // what the started program needs but does not have
  bool equivalent() const { return configuration.empty() && files.empty() && missing.empty(); }
};

// What the Dockerfile itself sets, as opposed to its base image. Only this is compared when the base image changes.
struct OwnConfiguration {
  std::set<std::string> environment;
  bool entrypoint = false, command = false;
};

Comparison compare_images(const Image& original, const Image& optimized);

// The same if the optimized form has a different final stage by design: files that are gone are counted as dropped,
// what the new base adds is not a difference, and the started program must find all it needs.
Comparison compare_converted(const Image& original, const Image& optimized, const OwnConfiguration& own);

}  // namespace dockhew::inline image
