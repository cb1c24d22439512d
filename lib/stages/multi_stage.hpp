// The conversion of a single-stage Dockerfile into a builder and a runtime stage. Closed-world and deterministic: the
// effects of every command must be known and every instruction must have its place, or the conversion is declined with
// the reason.
#pragma once

#include <string>
#include <vector>

#include "model/builder.hpp"
#include "model/dockerfile.hpp"
#include "model/outcome.hpp"
#include "text/edit.hpp"

namespace dockhew::inline stages {

struct MultiStageForm {
  std::vector<TextEdit> edits;
  std::vector<std::string> checklist;  // what cannot be known from the file
};

struct MultiStagePlan {
  std::string runtime_image;  // empty when it is not known
  Outcome<MultiStageForm> form;
};

// Requires a file with at least one stage.
MultiStagePlan plan_multi_stage(const Dockerfile& file, Builder builder);

}  // namespace dockhew::inline stages
