// One step of one stage of one file: nearly every question about a Dockerfile is asked about such a place. It is a
// value with three references, created where it is needed and never kept longer than the file.
#pragma once

#include <algorithm>
#include <span>

#include "model/dockerfile.hpp"
#include "model/runs.hpp"

namespace dockhew::inline model {

struct Site {
  const Dockerfile& file;
  const Stage& stage;
  const Step& step;

  const BuildContext& context() const { return file.context(); }
  // What the build knows about a variable before this step. A command may change it: see effects/environment.hpp.
  Value variable(std::string_view name) const { return file.lookup(stage, step, name); }
  Value home() const { return file.home(stage, step); }
  // Of the step's script, in order; none where there is no script, or it could not be read.
  std::span<const ToolUse> uses() const;
  // The steps of this stage before this one.
  std::span<const Step> earlier() const { return steps_before(stage, step); }
  // The same place in another step of the stage.
  Site at(const Step& other) const { return {file, stage, other}; }

  // Whether `holds(earlier)` is true for a step before this one, in its stage or in those the stage is built on.
  template <typename Holds>
  bool any_earlier(const Holds& holds) const {
    return any_earlier_step(file, stage, step, holds);
  }
  // Calls `visit(later)` with the site of each step after this one, in its stage and in those built on it.
  template <typename Visit>
  void each_later(const Visit& visit) const {
    auto left = stage.places_end - stage.place;  // stages to go: this one and those that continue it
    for (auto i = stage.index; left > 0; ++i) {
      const auto& other = file.stages()[i];
      if (!continues(file, other, stage)) continue;
      --left;
      for (const auto& later : other.steps)
        if (other.index != stage.index || later.index > step.index) visit(Site{file, other, later});
    }
  }
};

inline std::span<const ToolUse> Site::uses() const {
  return step.script ? std::span(step.script->uses) : std::span<const ToolUse>();
}

}  // namespace dockhew::inline model
