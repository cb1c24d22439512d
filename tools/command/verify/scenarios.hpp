// The four builds by which a Dockerfile is judged, run for real: first build, nothing changed, source changed,
// dependencies changed, on a copy of the context. The user's context is only read.
#pragma once

#include <string>

#include "report/verification.hpp"
#include "verify/build_driver.hpp"
#include "verify/progress.hpp"

namespace dockhew::cli {

struct Plan {
  const Dockerfile* original = nullptr;
  const Dockerfile* optimized = nullptr;
  std::string dockerfile;             // the user's file, for the ignore file next to it
  std::string context;                // a directory
  std::string directory;              // a temporary one, to work in
  std::string source_file, manifest;  // to edit, relative to the context; empty when there is none
  int repetitions = 1;
  std::vector<std::string> build_arguments;  // "NAME=value"
  std::vector<std::string> builder_options;  // for the builder's own command line
};

struct Archives {
  std::string original, optimized;  // of the first builds
};

// Fills in the measurements and the sizes. Returns an error message for the user.
std::string measure(const Plan& plan, BuildDriver& driver, Progress& progress, Verification& verification,
                    Archives& archives);

// Builds the original form as if for the first time once more, and writes its image to `archive`. Commands then run in
// this image. Returns the same.
std::string build_again(const Plan& plan, BuildDriver& driver, Progress& progress, Verification& verification,
                        const std::string& archive);

}  // namespace dockhew::cli
