// Which stages somebody can ship: the last one, those that nothing else uses, which are there as targets, those that a
// build known of stops at, and all that these are built on. A name with variables may mean any stage that it matches.
#include "model/dockerfile.hpp"
#include "text/limits.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline model {
namespace {

// "build-*" for "build-${TARGETOS}": what a name with variables may be.
std::string name_pattern(std::string_view text) {
  std::string pattern;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] != '$') {
      pattern += text[i++];
      continue;
    }
    pattern += '*';
    const bool braces = i + 1 < text.size() && text[i + 1] == '{';
    const auto end = braces ? text.find('}', i) : text.find_first_of("-./:$", i + 1);
    i = end == text.npos ? text.size() : end + (braces ? 1 : 0);
  }
  return to_lower_ascii(pattern);
}

}  // namespace

void Dockerfile::find_shipped() {
  std::vector<bool> used(stages_.size());
  // The stages before `stage` that a name may mean, if variables decide that.
  const auto each_meant = [&](const Stage& stage, std::string_view name, const auto& visit) {
    if (name.find('$') == name.npos || stages_.size() > limits::stages_matched) return;
    const auto pattern = name_pattern(name);
    if (pattern.find_first_not_of('*') == pattern.npos) return;  // usually an image
    for (auto& other : stages_)
      if (other.index < stage.index && !other.name.empty() && glob_match(pattern, other.name)) visit(other);
  };
  const auto mark = [&](const Stage& other) { used[other.index] = true; };
  const auto base_of = [](const Stage& stage) -> std::string_view {
    return stage.parent || stage.from->arguments.empty() ? std::string_view() : stage.from->arguments[0].text;
  };
  const auto use = [&](const Stage& stage, const Step& step) {
    if (step.copy && step.copy->stage) used[*step.copy->stage] = true;
    if (step.copy) each_meant(stage, step.copy->from, mark);
    for (const auto& mount : step.mounts) {
      if (const auto from = find_stage(mount.from, stage.index)) used[*from] = true;
      each_meant(stage, mount.from, mark);
    }
  };
  for (const auto& stage : stages_) {
    if (stage.parent) used[*stage.parent] = true;
    each_meant(stage, base_of(stage), mark);
    for (const auto& step : stage.steps) {
      use(stage, step);
      for (const auto& triggered : step.triggered) use(stage, triggered);
    }
  }
  // A parent comes before its children.
  for (auto i = stages_.size(); i-- > 0;) {
    auto& stage = stages_[i];
    const bool named = !stage.name.empty() && context_.origin().targets.contains(stage.name);
    stage.target = !used[i] || i + 1 == stages_.size() || named;
    stage.shipped |= stage.target;
    if (!stage.shipped) continue;
    if (stage.parent) stages_[*stage.parent].shipped = true;
    each_meant(stage, base_of(stage), [](Stage& parent) { parent.shipped = true; });
  }
}

}  // namespace dockhew::inline model
