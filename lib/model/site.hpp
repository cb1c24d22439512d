// One step of one stage of one file: nearly every question about a Dockerfile is asked about such a place. It is a
// value with three references, created where it is needed and never kept longer than the file.
#pragma once

#include <optional>
#include <span>
#include <string>

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

  // Whether `holds(site)` is true for this step, for one of whose many commands it is asked after the other.
  bool holds_here(StepAnswers::Name question, const StepAnswers::Question& holds) const {
    return file.answers(question, holds).contains(stage, earlier().size());
  }
  // Whether `holds(site)` is true for a step before this one, in its stage or in those the stage is built on. It is
  // asked once for each step of the file, whatever the site: `question` names all that it depends on besides.
  bool any_earlier(StepAnswers::Name question, const StepAnswers::Question& holds) const {
    return file.answers(question, holds).any_earlier(stage, step);
  }
  std::optional<Site> first_earlier(StepAnswers::Name question, const StepAnswers::Question& holds) const {
    return site_of(file.answers(question, holds).first_earlier(file, stage, step));
  }
  // The first step after this one, in its stage or else in those built on it, for which `holds(site)` is true.
  std::optional<Site> first_later(StepAnswers::Name question, const StepAnswers::Question& holds) const {
    return site_of(file.answers(question, holds).first_later(file, stage, step));
  }
  bool any_later(StepAnswers::Name question, const StepAnswers::Question& holds) const {
    return file.answers(question, holds).first_later(file, stage, step).has_value();
  }

 private:
  std::optional<Site> site_of(const std::optional<StepPlace>& place) const {
    if (!place) return std::nullopt;
    const auto& other = file.stages()[place->stage];
    return Site{file, other, other.steps[place->step]};
  }
};

inline std::span<const ToolUse> Site::uses() const {
  return step.script ? std::span(step.script->uses) : std::span<const ToolUse>();
}

}  // namespace dockhew::inline model
