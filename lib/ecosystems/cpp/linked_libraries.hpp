// Libraries of the system that a C or C++ program loads. Where the file installs their -dev packages, those tell; the
// image of GCC has the headers of many, so that only the project's own files do.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "ecosystems/runtime.hpp"

namespace dockhew::inline ecosystems {

// What the libraries that a program links need in the runtime stage.
struct LinkedLibraries {
  std::vector<std::string> packages;  // of the distribution; -dev packages stand for their libraries
  std::vector<Artifact> artifacts;    // what the image of GCC has of its own
  bool own_directory = false;         // these lie where the loader does not look by itself
};

// `links`: as the project's files and the compiler's options name them. `cpp`: that some source is C++.
Outcome<LinkedLibraries> find_linked_libraries(const Facts& facts, const Stage& stage,
                                               const std::set<std::string>& links, bool cpp);

// Whether the stage's image is GCC's own, in which everything below /usr/local is the compiler's.
bool has_compiler_below_usr_local(const Stage& stage);

}  // namespace dockhew::inline ecosystems
