// What each kind of change rebuilds, and what that costs. The weights are relative (the tables of the ecosystems) and
// the numbers are good for only one thing: comparing two forms of the same Dockerfile. Stages run in parallel, so a
// scenario costs its longest path.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "model/builder.hpp"
#include "model/dockerfile.hpp"

namespace dockhew::inline layers {

enum class Scenario { first_build, nothing_changed, source_changed, dependencies_changed };
inline constexpr std::array<Scenario, 4> all_scenarios = {Scenario::first_build, Scenario::nothing_changed,
                                                          Scenario::source_changed, Scenario::dependencies_changed};
std::string_view to_string(Scenario scenario);

// Per scenario, in the order of all_scenarios.
using Costs = std::array<double, 4>;
// A builder without mounts keeps nothing in them.
Costs scenario_costs(const Dockerfile& file, Builder builder = Builder::buildkit);

// Of each stage and step, whether an edit of the source changes something that the step itself copies, from the context
// or from another stage; false in stages that the image does not need.
using ChangedSteps = std::vector<std::vector<bool>>;
ChangedSteps changed_by_source(const Dockerfile& file);

// What one step costs when it runs, and in which scenarios it runs at all.
struct StepCost {
  std::uint32_t stage = 0;     // index in the Dockerfile
  std::uint32_t step = 0;      // index in the stage
  std::array<bool, 4> runs{};  // per scenario, in the order of all_scenarios
  Costs costs{};               // likewise; 0 where it does not run
};

// Every step of the stages that the image needs, in the order of the file. Instructions that only set metadata cost
// nothing.
std::vector<StepCost> step_costs(const Dockerfile& file);

}  // namespace dockhew::inline layers
