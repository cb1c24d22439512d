// How two images differ, where it matters to those who run them. What differs in every build (caches, logs, byte code)
// is counted by kind and not listed. Times are not compared: a rebuild changes them all.
#pragma once

#include <functional>
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
  std::set<std::string> names;  // of files of the application; of a directory that is gone altogether, its own
};

struct Comparison {
  std::vector<Difference> configuration;
  std::vector<Difference> files;
  std::vector<std::string> discounted;   // paths that differ between two images of the original as well
  std::map<std::string, Tally> ignored;  // by class: "package-manager caches", "logs", …
  std::map<std::string, Tally>
      dropped;                       // by kind: "headers", "a toolchain"; only if the final stage is meant to differ
  std::vector<std::string> missing;  // what the started program needs but does not have
  bool equivalent() const { return configuration.empty() && files.empty() && missing.empty(); }
};

// What is the Dockerfile's own, as opposed to its base image's. Only this is compared when the base image changes.
struct Own {
  std::set<std::string> environment;
  bool entrypoint = false, command = false;
  std::set<std::string> places;  // of the application: its working directory, and what else is copied from the context
  bool compiles = false;         // some RUN builds with a language whose programs need no source
};

// Whether a path is one of these places or below one.
bool is_of_application(const Own& own, std::string_view path);

// Of a file that only the original has: its kind, if it may be absent; empty when its absence counts.
using LeavesOut = std::function<std::string_view(const std::string& path)>;

// Everything counts, but for files of the application that are left out by design.
Comparison compare_images(const Image& original, const Image& optimized, const Own& own, const LeavesOut& leaves_out);

// The same if the optimized form has a different final stage by design: files that are left out are counted as dropped
// and the application's are named, what the new base adds is not a difference, and the started program must find all it
// needs.
Comparison compare_converted(const Image& original, const Image& optimized, const Own& own,
                             const LeavesOut& leaves_out);

}  // namespace dockhew::inline image
