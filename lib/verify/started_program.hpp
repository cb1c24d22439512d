// What a container starts, followed through its image as far as text can be read: entry scripts, scripts of package
// managers, the file that an interpreter is given, the modules that this file loads. All of it that is in the original
// image must be in the optimized one; what the original lacks too is not the rewrite's fault. Nothing is executed.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "image/comparison.hpp"
#include "image/image.hpp"
#include "model/build_context.hpp"

namespace dockhew::inline verify {

struct StartedProgram {
  std::vector<std::string> missing{};  // sentences
  bool compiled = false;               // what runs was made by the build, so the source need not be there
  std::set<std::string> texts{};       // files of the original that run or are loaded, as far as they could be followed
  std::set<std::string> packages{};    // that these load, by their directories
  std::set<std::string> named{};       // what these have in quotes, and the words of shell scripts: names of files
  std::set<std::string> compiled_files{};  // ELF programs that were built
};

// `own`: what the original Dockerfile says. `context`: where the source comes from; what runs from it was not compiled.
StartedProgram follow_started_program(const Image& original, const Image& optimized, const Own& own,
                                      const BuildContext& context);

// Whether the build context has what lies at a path of the image: at the same place below some directory. Everything is
// of a context that is not known, because nothing is then known to have been made by the build.
bool is_of_context(const BuildContext& context, const std::string& path);

// Whether the reader of an image should keep the text of this file for it.
bool is_followed_text(const std::string& path);

}  // namespace dockhew::inline verify
