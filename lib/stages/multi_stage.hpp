// The conversion of a single-stage Dockerfile into a builder and a runtime stage. Closed-world and deterministic: every
// command must be one whose effects are known, every instruction must have its place, or the conversion is declined
// with the reason.
#pragma once

#include <string>
#include <vector>

#include "model/builder.hpp"
#include "model/dockerfile.hpp"
#include "text/edit.hpp"

namespace dockhew {

struct MultiStagePlan {
  std::vector<TextEdit> edits;
  std::vector<std::string> checklist;  // what cannot be known from the file
  std::string runtime_image;
  std::string declined;
};

// Requires a file with at least one stage.
MultiStagePlan plan_multi_stage(const Dockerfile& file, Builder builder);

}  // namespace dockhew
