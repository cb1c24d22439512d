// What the files of a CMake project say of its results, as far as that can be read without running CMake. A CMakeLists
// is a program: what is not plain in it leaves the answer open.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ecosystems/cpp/project_needs.hpp"
#include "model/build_context.hpp"

namespace dockhew::inline ecosystems {

struct CmakeCall {
  std::string name;                // in lower case
  std::vector<std::string> words;  // without quotes
  std::string directory;           // of the file, in the context
};

// The calls of a file, in order, comments aside.
std::vector<CmakeCall> read_cmake_calls(std::string_view text, const std::string& directory);

// `shared`: that -DBUILD_SHARED_LIBS says it. `root`: in the context.
Outcome<ProjectNeeds> read_cmake_project(const BuildContext& context, const std::string& root, bool shared);

}  // namespace dockhew::inline ecosystems
