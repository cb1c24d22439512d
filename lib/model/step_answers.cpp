#include "model/step_answers.hpp"

#include <algorithm>
#include <limits>

#include "model/site.hpp"

namespace dockhew::inline model {

namespace {
constexpr auto none = std::numeric_limits<std::uint32_t>::max();
}

StepAnswers::StepAnswers(const Dockerfile& file, const Question& holds) {
  const auto& stages = file.stages();
  up_to_.resize(stages.size() + 1);
  for (const auto& stage : stages) {
    begins_.push_back(places_.size());
    for (std::uint32_t i = 0; i < stage.steps.size(); ++i)
      if (holds({file, stage, stage.steps[i]})) places_.push_back({stage.index, i});
    const bool has_one = places_.size() > begins_.back();
    firsts_.push_back(has_one ? stage.steps[places_[begins_.back()].step].index : none);
    inherited_.push_back(stage.parent && (inherited_[*stage.parent] || firsts_[*stage.parent] != none));
    up_to_[stage.place + 1] = has_one ? 1 : 0;
  }
  begins_.push_back(places_.size());
  for (std::size_t i = 1; i < up_to_.size(); ++i) up_to_[i] += up_to_[i - 1];
}

std::span<const StepPlace> StepAnswers::in_stage(const Stage& stage) const {
  return std::span(places_).subspan(begins_[stage.index], begins_[stage.index + 1] - begins_[stage.index]);
}

bool StepAnswers::contains(const Stage& stage, std::size_t step) const {
  const auto places = in_stage(stage);
  const auto found = std::ranges::lower_bound(places, step, {}, &StepPlace::step);
  return found != places.end() && found->step == step;
}

bool StepAnswers::any_earlier(const Stage& stage, const Step& step) const {
  return inherited_[stage.index] || firsts_[stage.index] < step.index;
}

bool StepAnswers::any_in_chain(const Stage& stage) const {
  return inherited_[stage.index] || firsts_[stage.index] != none;
}

std::optional<StepPlace> StepAnswers::first_earlier(const Dockerfile& file, const Stage& stage,
                                                    const Step& step) const {
  if (firsts_[stage.index] < step.index) return places_[begins_[stage.index]];
  for (const auto* above = parent_of(file, stage); above != nullptr; above = parent_of(file, *above))
    if (firsts_[above->index] != none) return places_[begins_[above->index]];
  return std::nullopt;
}

std::optional<StepPlace> StepAnswers::first_later(const Dockerfile& file, const Stage& stage, const Step& step) const {
  const auto& stages = file.stages();
  const auto of_stage = [&](std::size_t i) { return places_.begin() + static_cast<std::ptrdiff_t>(begins_[i]); };
  const auto end = of_stage(stage.index + 1);
  const auto later = std::partition_point(
      of_stage(stage.index), end, [&](const StepPlace& place) { return stage.steps[place.step].index <= step.index; });
  if (later != end) return *later;
  if (up_to_[stage.places_end] == up_to_[stage.place + 1]) return std::nullopt;
  const auto built_on = std::find_if(
      end, places_.end(), [&](const StepPlace& place) { return continues(file, stages[place.stage], stage); });
  return built_on != places_.end() ? std::optional(*built_on) : std::nullopt;
}

}  // namespace dockhew::inline model
