#include "ecosystems/system/installed_packages.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {
namespace {

// What a command that is not in the tables may hand to a package manager: `xargs apk del`.
constexpr std::array<std::string_view, 5> removals = {"autopurge", "autoremove", "del", "purge", "remove"};

// `apk add --virtual .build …`, `apk del .build` in one RUN: none of it was in the image.
bool is_virtual(const Script& script, const ToolUse& use) {
  return (use.has_option("--virtual") || use.has_option("-t")) && use.tool->id == "apk" &&
         std::ranges::any_of(script.commands, [](const ShellCommand& command) {
           return command.name() == "apk" && command.has_word("del");
         });
}

bool installs_recommended(const ToolUse& use) {
  return use.tool->id == "apt" && !use.command->has_word("--no-install-recommends") &&
         std::ranges::none_of(use.command->words, [](const ShellWord& word) {
           return std::string_view(word.raw).find("Install-Recommends") != std::string_view::npos;
         });
}

std::string_view without_version(std::string_view package) { return package.substr(0, package.find_first_of("=<>~@")); }

// What a command takes away again is not in the image that the file makes.
Obstacle take_away(const ToolUse& use, InstalledPackages& packages) {
  for (const auto& word : std::span(use.command->words).subspan(use.first)) {
    const bool is_verb = std::ranges::find(removals, word.raw) != removals.end();
    if (is_verb || word.raw.starts_with('-')) continue;
    const bool pattern = !word.value.is_known() || word.text().find_first_of("*?[^$") != std::string::npos;
    if (pattern || use.command->conditional)
      return Declined{"it is not known which packages `" + word.raw + "` takes away again"};
    const auto is_it = [&](const std::string& name) { return without_version(name) == without_version(word.text()); };
    std::erase_if(packages.names, is_it);
    std::erase_if(packages.with_recommended, is_it);
  }
  return std::nullopt;
}

}  // namespace

Outcome<InstalledPackages> find_installed_packages(const Stage& stage, const std::vector<std::size_t>& steps) {
  InstalledPackages result;
  for (const auto step : steps)
    for (const auto& use : stage.steps[step].script->uses) {
      if (!use.tool->packages.of_system) continue;
      if (!result.names.empty() && removes_packages(*use.command))
        if (auto obstacle = take_away(use, result)) return *obstacle;
      if (use.action->kind != ActionKind::install) continue;
      if (is_virtual(*stage.steps[step].script, use)) continue;
      if (upgrades_distribution(use)) {
        if (use.command->conditional)
          return Declined{"it depends on a condition whether the packages of the image are brought up to date"};
        result.upgrade = use.action->words.front();
        result.upgrade_step = step;
      }
      for (const auto i : use.operands) {
        const auto& word = use.command->words[i];
        if (!word.value.is_known())
          return Declined{"the package `" + word.raw + "` contains variables, so it is not known before the build"};
        result.names.push_back(word.text());
        if (installs_recommended(use)) result.with_recommended.insert(word.text());
      }
    }
  return result;
}

bool upgrades_distribution(const ToolUse& use) {
  const auto& words = use.action->words;
  return use.tool->packages.of_system && use.operands.empty() && !words.empty() && words.front().ends_with("upgrade");
}

bool removes_packages(const ShellCommand& command) {
  if (const auto* use = command.use) return use->tool->packages.of_system && use->action->kind == ActionKind::remove;
  return std::ranges::any_of(removals, [&](std::string_view word) { return command.has_word(word); });
}

}  // namespace dockhew::inline ecosystems
