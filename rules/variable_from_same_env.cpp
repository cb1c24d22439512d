// Fires on an ENV that uses a variable set by the same instruction. All values of an instruction are read before any is
// set, so the use sees the previous value, of which there is none.
#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "lint/rule.hpp"
#include "model/site.hpp"

namespace dockhew::rules {
namespace {

// `$NAME` or `${NAME`, not escaped and not a part of a longer name.
bool uses(std::string_view text, std::string_view name) {
  const auto is_name = [](char c) {
    return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') || c == '_';
  };
  for (auto at = text.find('$'); at != text.npos; at = text.find('$', at + 1)) {
    if (at > 0 && text[at - 1] == '\\') continue;
    auto rest = text.substr(at + 1);
    if (rest.starts_with('{')) rest.remove_prefix(1);
    if (rest.starts_with(name) && (rest.size() == name.size() || !is_name(rest[name.size()]))) return true;
  }
  return false;
}

// PATH is set in every image. The base image may set other variables too, but then the author would hardly set them
// again here.
bool is_set_before(const Site& site, const std::string& name) {
  if (name == "PATH") return true;
  if (site.stage.environment.find(name, site.step.bindings) != nullptr) return true;
  return site.variable(name).is_known();
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps) {
      if (step.instruction->keyword != Keyword::env || step.instruction->pairs.size() < 2) continue;
      const auto& pairs = step.instruction->pairs;
      for (const auto& pair : pairs)
        for (const auto& other : pairs) {
          if (&other == &pair || pair.name == other.name || !uses(pair.value, other.name)) continue;
          if (is_set_before({file, stage, step}, other.name)) continue;
          report.add(
              pair.value_span,
              "`" + other.name + "` is set by this same instruction, so it is still empty here; split the ENV in two",
              {"DL3044"});
          break;
        }
    }
}

}  // namespace

extern constinit const Rule variable_from_same_env = {
    .id = "variable-from-same-env",
    .aliases = {"DL3044"},
    .category = Category::correctness,
    .severity = Severity::warning,
    .summary = "an ENV uses a variable that it sets itself",
    .rationale =
        R"(`ENV A=/opt B=$A/bin` sets `B` to `/bin`: variables keep their previous values throughout the instruction.
Split it in two: `ENV A=/opt`, then `ENV B=$A/bin`.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
