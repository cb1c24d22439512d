// The final stage of a file with several may only take what others have built, and still be based on an image with a
// whole toolchain: `FROM eclipse-temurin:21-jdk` around a JAR. Then it only needs another base.
#pragma once

#include <string>
#include <vector>

#include "model/builder.hpp"
#include "model/dockerfile.hpp"
#include "model/outcome.hpp"
#include "text/edit.hpp"

namespace dockhew::inline stages {

struct RuntimeBase {
  std::string image;  // as FROM takes it
  std::vector<TextEdit> edits;
  std::vector<std::string> checklist;  // what cannot be known from the file
};

// Requires a file with at least two stages, whose last one builds nothing.
Outcome<RuntimeBase> plan_runtime_base(const Dockerfile& file, Builder builder);

}  // namespace dockhew::inline stages
