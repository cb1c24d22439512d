// What an archive that Maven or Gradle makes needs beside it, by the build files of its project.
#pragma once

#include <string>
#include <vector>

#include "model/dockerfile.hpp"

namespace dockhew::inline ecosystems {

struct Packaging {
  bool neighbours = true;              // it may name archives in its directory, or below
  std::vector<std::string> libraries;  // directories below its own that hold all of them; empty where that is not known
};

// The build file by which an archive names libraries in the store that the build tool downloads to, by their whole
// paths; empty where none does.
std::string names_store_in_class_path(const BuildContext& context);

// `project`: the directory of the image that has the project's output directory.
Packaging read_packaging(const Dockerfile& file, const Stage& stage, const std::string& project);

}  // namespace dockhew::inline ecosystems
