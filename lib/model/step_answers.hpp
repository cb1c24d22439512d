// For which steps of a file a question is answered with yes. "Does a later RUN read this?" is asked at every RUN, so
// the answers are found once for the whole file and kept with it; else the work would grow with the square of the file.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace dockhew::inline model {

class Dockerfile;
struct Site;
struct Stage;
struct Step;

struct StepPlace {
  std::uint32_t stage;
  std::uint32_t step;  // its position among the steps of the stage
};

class StepAnswers {
 public:
  using Question = std::function<bool(const Site&)>;
  using Name = std::initializer_list<std::string_view>;  // parts of a text that stands for the question

  StepAnswers(const Dockerfile& file, const Question& holds);

  // All of them, in the order of the file.
  const std::vector<StepPlace>& places() const { return places_; }
  // Those of one stage.
  std::span<const StepPlace> in_stage(const Stage& stage) const;
  bool contains(const Stage& stage, std::size_t step) const;  // its position among the steps of the stage
  // Whether one precedes the step, in its stage or in those the stage is built on.
  bool any_earlier(const Stage& stage, const Step& step) const;
  // Whether the stage has one, or those it is built on.
  bool any_in_chain(const Stage& stage) const;
  // The nearest of these stages' first one.
  std::optional<StepPlace> first_earlier(const Dockerfile& file, const Stage& stage, const Step& step) const;
  // The first that follows the step, in its stage or else in one built on it.
  std::optional<StepPlace> first_later(const Dockerfile& file, const Stage& stage, const Step& step) const;

 private:
  std::vector<StepPlace> places_;
  std::vector<std::size_t> begins_;    // of each stage, in `places_`; one more than there are stages
  std::vector<std::uint32_t> firsts_;  // the first one's instruction in each stage; `none` when there is none
  std::vector<bool> inherited_;        // whether a stage that this one is built on has one
  std::vector<std::size_t> up_to_;     // how many stages with one come before each place of Stage::place
};

}  // namespace dockhew::inline model
