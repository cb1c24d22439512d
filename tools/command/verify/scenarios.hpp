// The four builds by which a Dockerfile is judged, run for real: first build, nothing changed, source changed,
// dependencies changed, on a copy of the context. The user's context is only read.
#pragma once

#include <string>
#include <vector>

#include "report/verification.hpp"
#include "verify/build_driver.hpp"
#include "verify/progress.hpp"

namespace dockhew::cli {

// One of the two that are compared.
struct PlannedForm {
  const Dockerfile* file = nullptr;
  std::string dockerfile{};               // the user's file, for the ignore file next to it
  std::string context{};                  // a directory
  std::string source_file{}, manifest{};  // to edit, relative to the context; empty when there is none
  std::vector<std::string> arguments{};   // "NAME=value"
};

struct Plan {
  std::string name;  // among several, for a person; empty for one
  PlannedForm original, optimized;
  std::string directory;  // a temporary one, to work in
  int repetitions = 1;
  std::vector<std::string> builder_options;  // for the builder's own command line
  const PlannedForm& form(Variant variant) const { return variant == Variant::original ? original : optimized; }
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
