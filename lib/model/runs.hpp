// Every script of a Dockerfile, those that ONBUILD triggers in a child included. Rules that only look use it; rules
// that rewrite go over the steps themselves, because a trigger runs in a build that is not this one.
#pragma once

#include "model/dockerfile.hpp"

namespace dockhew {

// Calls `visit(stage, step)` for each step whose script could be read. The step of a trigger is its own: its
// instruction is the RUN behind ONBUILD.
template <typename Visit>
void for_each_script(const Dockerfile& file, const Visit& visit) {
  for (const auto& stage : file.stages()) {
    for (const auto& step : stage.steps) {
      if (step.script) visit(stage, step);
      for (const auto& triggered : step.triggered)
        if (triggered.script) visit(stage, triggered);
    }
  }
}

// The same for each COPY and ADD.
template <typename Visit>
void for_each_copy(const Dockerfile& file, const Visit& visit) {
  for (const auto& stage : file.stages()) {
    for (const auto& step : stage.steps) {
      if (step.copy) visit(stage, step);
      for (const auto& triggered : step.triggered)
        if (triggered.copy) visit(stage, triggered);
    }
  }
}

// Whether a stage is `parent`, or continues it.
inline bool continues(const Dockerfile& file, const Stage& stage, const Stage& parent) {
  for (const Stage* s = &stage;; s = &file.stages()[*s->parent]) {
    if (s->index == parent.index) return true;
    if (!s->parent) return false;
  }
}

// Whether `holds(earlier)` is true of a step before this one, in its stage or in those that the stage continues.
template <typename Holds>
bool any_earlier_step(const Dockerfile& file, const Stage& stage, const Step& step, const Holds& holds) {
  for (const Stage* s = &stage;; s = &file.stages()[*s->parent]) {
    for (const auto& earlier : s->steps) {
      if (s == &stage && earlier.index >= step.index) break;
      if (holds(earlier)) return true;
    }
    if (!s->parent) return false;
  }
}

}  // namespace dockhew
