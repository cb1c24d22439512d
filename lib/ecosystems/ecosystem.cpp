#include "ecosystems/ecosystem.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "text/path.hpp"

namespace dockhew::inline ecosystems {

namespace {

using ToolEcosystem = std::pair<std::string_view, const Ecosystem*>;

// One whose packages can be installed without the tools that built them, and that has no program of its own.
bool is_distribution(const ImageEntry& entry) {
  constexpr std::string_view names[] = {"alpine", "debian", "ubuntu"};
  return entry.names.front() == entry.distribution && std::ranges::find(names, entry.distribution) != std::end(names);
}

std::vector<ToolEcosystem> sorted_by_tool() {
  std::vector<ToolEcosystem> result;
  for (const auto* ecosystem : all_ecosystems())
    for (const auto& tool : ecosystem->tools) result.emplace_back(tool, ecosystem);
  std::ranges::stable_sort(result, {}, &ToolEcosystem::first);
  return result;
}

}  // namespace

const Ecosystem* find_ecosystem(const Tool& tool) {
  static const auto by_tool = sorted_by_tool();
  const auto found = std::ranges::lower_bound(by_tool, tool.id, {}, &ToolEcosystem::first);
  return found != by_tool.end() && found->first == tool.id ? found->second : nullptr;
}

const Ecosystem* ecosystem_of(const Stage& stage) {
  if (!stage.image) return nullptr;
  const auto all = all_ecosystems();
  const auto& entry = *stage.image->entry;
  if (entry.language.empty()) {
    if (!is_distribution(entry)) return nullptr;
    const auto builds = std::ranges::find_if(
        all, [&](const Ecosystem* each) { return each->adopts != nullptr && each->adopts(stage); });
    return builds == all.end() ? nullptr : *builds;
  }
  const auto found = std::ranges::find(all, stage.image->entry->language, &Ecosystem::language);
  return found == all.end() ? nullptr : *found;
}

const Runtime* runtime_of(const Stage& stage) {
  const auto* ecosystem = ecosystem_of(stage);
  return ecosystem == nullptr ? nullptr : ecosystem->runtime;
}

bool sets_up_tool(std::string_view command) {
  return std::ranges::any_of(all_ecosystems(), [&](const Ecosystem* ecosystem) {
    if (ecosystem->runtime == nullptr) return false;
    const auto commands = ecosystem->runtime->setup_commands;
    return std::ranges::find(commands, command) != commands.end();
  });
}

std::optional<Effects> other_effects(const Script& script, const ShellCommand& command) {
  if (command.use != nullptr) return std::nullopt;
  for (const auto* ecosystem : all_ecosystems())
    if (ecosystem->other_effects != nullptr)
      if (auto effects = ecosystem->other_effects(script, command)) return effects;
  return std::nullopt;
}

bool runs_no_tool(const ShellCommand& command) {
  return command.use == nullptr && std::ranges::any_of(all_ecosystems(), [&](const Ecosystem* ecosystem) {
           return ecosystem->runs_no_tool != nullptr && ecosystem->runs_no_tool(command);
         });
}

std::vector<std::string> derived_manifests(const ShellCommand& command) {
  const auto* ecosystem = command.use == nullptr ? nullptr : find_ecosystem(*command.use->tool);
  if (ecosystem == nullptr || ecosystem->derived_manifests == nullptr) return {};
  return ecosystem->derived_manifests(*command.use);
}

bool derives_manifest(const ShellCommand& command, std::string_view path) {
  const auto derived = derived_manifests(command);
  return std::ranges::any_of(derived, [&](const std::string& made) { return path_is_under(path, made); });
}

bool prunes_in_place(const Site& site, const ToolUse& use) {
  return only_prunes(site, use) && use.tool->id != find_ecosystem(*use.tool)->pruning->fetches;
}

std::optional<std::string> tidied_dependencies(const ShellCommand& command) {
  if (!command.directory.is_known()) return std::nullopt;
  for (const auto& ecosystem : all_ecosystems()) {
    if (ecosystem->pruning == nullptr) continue;
    const auto& programs = ecosystem->pruning->tidied_by;
    // By its name, or as a word of what starts it: `npx -y node-prune`.
    const bool tidies = std::ranges::any_of(command.words, [&](const ShellWord& word) {
      return word.value.is_known() && std::ranges::find(programs, path_basename(word.text())) != programs.end();
    });
    if (tidies) return resolve_path(command.directory.text, ecosystem->pruning->dependencies);
  }
  return std::nullopt;
}

bool only_prunes(const Site& site, const ToolUse& use) {
  const auto* ecosystem = find_ecosystem(*use.tool);
  return ecosystem != nullptr && ecosystem->pruning != nullptr && ecosystem->pruning->only_prunes(site, use);
}

}  // namespace dockhew::inline ecosystems
