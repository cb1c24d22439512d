// Questions about the steps of a stage. They are not inline, because every rule then spent a tenth of its compilation
// on them.
#include "model/runs.hpp"

#include <algorithm>

namespace dockhew::inline model {

std::vector<const Stage*> chain_of(const Dockerfile& file, const Stage& stage) {
  std::vector<const Stage*> chain = {&stage};
  while (chain.back()->parent) chain.push_back(&file.stages()[*chain.back()->parent]);
  return chain;
}

// A stage takes from those before it alone, so one pass from the last to the first sees them all.
std::vector<bool> with_needed_stages(const Dockerfile& file, std::vector<bool> wanted) {
  const auto& stages = file.stages();
  for (auto i = stages.size(); i-- > 0;) {
    if (!wanted[i]) continue;
    if (stages[i].parent) wanted[*stages[i].parent] = true;
    for (const auto& step : stages[i].steps) {
      if (step.copy && step.copy->stage) wanted[*step.copy->stage] = true;
      for (const auto& mount : step.mounts)
        if (const auto from = file.find_stage(mount.from, stages[i].index)) wanted[*from] = true;
    }
  }
  return wanted;
}

std::vector<bool> built_stages(const Dockerfile& file) {
  std::vector<bool> wanted(file.stages().size());
  for (const auto& stage : file.stages())
    wanted[stage.index] = &stage == &file.final_stage() || file.context().origin().targets.contains(stage.name);
  return with_needed_stages(file, std::move(wanted));
}

std::vector<StageStep> steps_of_chain(const Dockerfile& file, const Stage& stage) {
  std::vector<StageStep> steps;
  const auto chain = chain_of(file, stage);
  for (auto each = chain.rbegin(); each != chain.rend(); ++each)
    for (const auto& step : (*each)->steps) steps.push_back({*each, &step});
  return steps;
}

bool uses_tool(const Step& step, const Tool& tool) {
  return step.script && std::ranges::any_of(step.script->uses, [&](const ToolUse& use) { return use.tool == &tool; });
}

bool mentions(const Step& step, std::string_view text) {
  return step.script && step.script->text.view().find(text) != std::string_view::npos;
}

bool has_bind_mount(const Step& step) {
  return std::ranges::any_of(step.mounts, [](const Mount& mount) { return mount.type == Mount::Type::bind; });
}

bool has_target_by_number(const Dockerfile& file) {
  return std::ranges::any_of(file.context().origin().targets, [](const std::string& target) {
    return !target.empty() && target.find_first_not_of("0123456789") == target.npos;
  });
}

bool takes_from_context(const Dockerfile& file) {
  const auto binds = [](const Mount& mount) { return mount.type == Mount::Type::bind && mount.from.empty(); };
  const auto takes = [&](const Step& step) {
    return (step.copy && step.copy->from_context()) || std::ranges::any_of(step.mounts, binds);
  };
  return std::ranges::any_of(file.stages(),
                             [&](const Stage& stage) { return std::ranges::any_of(stage.steps, takes); });
}

const Step* last_step(const Dockerfile& file, const Stage& stage, Keyword keyword) {
  for (const auto* s = &stage; s != nullptr; s = parent_of(file, *s))
    for (auto i = s->steps.size(); i-- > 0;)
      if (s->steps[i].instruction->keyword == keyword) return &s->steps[i];
  return nullptr;
}

}  // namespace dockhew::inline model
