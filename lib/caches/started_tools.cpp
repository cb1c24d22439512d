#include "caches/started_tools.hpp"

#include <algorithm>

#include "ecosystems/runtime.hpp"

namespace dockhew::inline caches {
namespace {

bool is_start(const Step& step) {
  return step.instruction->keyword == Keyword::cmd || step.instruction->keyword == Keyword::entrypoint;
}

// Calls the function with each program that is the tool or runs it, until one has an answer.
template <typename Find>
auto first_of_programs(const Tool& tool, const Find& find) -> decltype(find(std::string())) {
  for (const auto& words : tool.commands)
    if (auto found = find(std::string(words[0]))) return found;
  for (const auto program : tool.started_by)
    if (auto found = find(std::string(program))) return found;
  return std::nullopt;
}

// `dotnet app.dll` alone: a finished program, which needs nothing that was downloaded.
bool only_runs_finished(const Site& site, const StartedPrograms& started, const Tool& tool,
                        const std::string& program) {
  bool runs = false;
  const auto finishes = [&](const Site& other) {
    return std::ranges::any_of(
        other.uses(), [&](const ToolUse& use) { return use.tool == &tool && use.command->has_word(tool.finished_by); });
  };
  if (site.file.answers({"makes finished programs with ", tool.id}, finishes).places().empty()) return false;
  for (const auto& command : started.commands) {
    if (!command.starts_with(program + ' ')) continue;
    const auto is_end = [&](std::string_view ending) { return command.ends_with(ending); };
    if (std::ranges::none_of(tool.finished_endings, is_end)) return false;
    runs = true;
  }
  return runs;
}

}  // namespace

bool is_last_start(const Site& site) {
  if (!is_start(site.step)) return false;
  const auto starts = [](const Site& other) { return is_start(other.step); };
  return site.file.answers({"starts the container"}, starts).in_stage(site.stage).back().step == site.earlier().size();
}

std::shared_ptr<const StartedPrograms> started_in(const Site& site) {
  static constexpr Runtime shell_only{};
  return find_started_programs(site.file, site.stage, shell_only);
}

std::optional<std::string> started_by_image(const Site& later, const Tool& tool) {
  if (!is_last_start(later)) return std::nullopt;
  const auto started = started_in(later);
  return first_of_programs(tool, [&](std::string program) {
    const bool reads = started->names.contains(program) && !only_runs_finished(later, *started, tool, program);
    return reads ? std::optional(std::move(program)) : std::nullopt;
  });
}

std::optional<StartedElsewhere> started_by_others(const Site& site, const Tool& tool) {
  if (site.file.context().origin().starts.empty()) return std::nullopt;
  for (const auto& stage : site.file.stages()) {
    if (!stage.target || !continues(site.file, stage, site.stage) || stage.steps.empty()) continue;
    const auto started = started_in({site.file, stage, stage.steps.back()});
    const auto& others = started->by_others;
    auto start = first_of_programs(tool, [&](const std::string& program) -> std::optional<StartedElsewhere> {
      const auto found = others.find(program);
      if (found == others.end()) return std::nullopt;
      return StartedElsewhere{found->first, found->second};
    });
    if (start) return start;
  }
  return std::nullopt;
}

}  // namespace dockhew::inline caches
