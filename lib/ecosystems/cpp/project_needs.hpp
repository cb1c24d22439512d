// What a program of a C or C++ project needs besides itself, by the files that say how it is built.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/build_context.hpp"
#include "model/outcome.hpp"

namespace dockhew::inline ecosystems {

struct ProjectNeeds {
  std::set<std::string> links;      // libraries and packages that it links, as they are written: "ssl", "OpenSSL"
  std::set<std::string> programs;   // that it builds, where the files name them
  std::vector<std::string> shared;  // libraries that it builds itself, relative to the directory of the build
  // Why the directory of the build may have more than programs: "`file(COPY` puts files there"
  std::optional<std::string> data;
  std::optional<std::vector<std::string>> installed;  // the only things that it installs: programs of these names
};

// `name` of a file of the project: whether C++ compiles it, and so links the C++ library.
bool is_cpp_source(std::string_view name);
// Whether any file below a directory of the context is one; true where there are too many to look at.
bool has_cpp_source(const BuildContext& context, const std::string& directory);

// Of the Makefile that a `make` in a directory of the context reads. `file`: the name of the Makefile; empty by
// default.
Outcome<ProjectNeeds> read_make_project(const BuildContext& context, const std::string& directory,
                                        const std::string& file);
// Of a project with `configure`, whose installed files need no more than their libraries.
Outcome<ProjectNeeds> read_autotools_project(const BuildContext& context, const std::string& root);
// Of meson.build.
Outcome<ProjectNeeds> read_meson_project(const BuildContext& context, const std::string& root);

}  // namespace dockhew::inline ecosystems
