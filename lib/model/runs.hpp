// Every script of a Dockerfile, including those that ONBUILD triggers in a child. Rules that only report use it; rules
// that rewrite go over the steps themselves, because a trigger runs in a different build.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "model/dockerfile.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline model {

// Calls `visit(stage, step)` for each step whose script could be read. A trigger has its own step, whose instruction is
// the RUN after ONBUILD.
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

// The steps of the stage that precede one of its own.
inline std::span<const Step> steps_before(const Stage& stage, const Step& step) {
  return std::span(stage.steps).first(static_cast<std::size_t>(&step - stage.steps.data()));
}

// A stage, followed by those it is built on, nearest first.
std::vector<const Stage*> chain_of(const Dockerfile& file, const Stage& stage);

// Whether a stage is `parent`, or built on it.
inline bool continues(const Dockerfile&, const Stage& stage, const Stage& parent) {
  return parent.place <= stage.place && stage.place < parent.places_end;
}

// The stage that one continues; null when it begins with an image.
inline const Stage* parent_of(const Dockerfile& file, const Stage& stage) {
  return stage.parent ? &file.stages()[*stage.parent] : nullptr;
}

// The stages of `wanted`, by their index, and all that these are made of: their parents, and those that a COPY or a
// mount takes files from.
std::vector<bool> with_needed_stages(const Dockerfile& file, std::vector<bool> wanted);

// The last stage, those that builds known of stop at, and what they are made of.
std::vector<bool> built_stages(const Dockerfile& file);

// The steps of a stage, after those of the stages that it is built on, in their order.
struct StageStep {
  const Stage* stage;
  const Step* step;
};
std::vector<StageStep> steps_of_chain(const Dockerfile& file, const Stage& stage);

bool uses_tool(const Step& step, const Tool& tool);

// Whether the text of a RUN contains another; of what cannot be read as shell, too.
bool mentions(const Step& step, std::string_view text);

// Whether a RUN sees files through a bind mount, of the build context or of another stage.
bool has_bind_mount(const Step& step);

// Whether a COPY, an ADD or a bind mount takes files from the build context.
bool takes_from_context(const Dockerfile& file);

// Whether a build that is known stops at a stage that it tells by its number: another one in front would take its
// place.
bool has_target_by_number(const Dockerfile& file);

// The last instruction of a kind in a stage and those it is built on; null when there is none.
const Step* last_step(const Dockerfile& file, const Stage& stage, Keyword keyword);

}  // namespace dockhew::inline model
