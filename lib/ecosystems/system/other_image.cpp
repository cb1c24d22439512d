#include "ecosystems/system/other_image.hpp"

#include <algorithm>
#include <string_view>

#include "ecosystems/system/dropped_packages.hpp"
#include "facts/facts.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {
namespace {

// What Temurin's Dockerfiles install: https://github.com/adoptium/containers, 2026-11-30.
constexpr std::string_view usual[] = {"binutils", "ca-certificates", "curl", "fontconfig", "gnupg", "openssl", "wget"};

bool installs(const Stage& stage, std::string_view package) {
  return std::ranges::any_of(stage.steps, [&](const Step& step) {
    return step.script && std::ranges::any_of(step.script->uses, [&](const ToolUse& use) {
             return use.tool->packages.of_system && use.action->kind == ActionKind::install &&
                    use.command->has_word(package);
           });
  });
}

}  // namespace

std::string program_of_full_image(const Dockerfile& file, const Stage& stage) {
  const auto& programs = file.facts().full_image_programs;
  for (const auto& step : stage.steps) {
    if (!step.script) continue;
    for (const auto& command : step.script->commands) {
      const auto row = command.words.empty() ? programs.end() : programs.find(command.name());
      const bool is_usual = row != programs.end() && std::ranges::find(usual, row->second) != std::end(usual);
      if (row != programs.end() && !is_usual && !installs(stage, row->second)) return command.name();
    }
  }
  return {};
}

std::string package_of_old_alpine(const Stage& stage) {
  constexpr std::string_view newer = "3.22";
  for (const auto& step : stage.steps) {
    if (!step.script) continue;
    for (const auto& use : step.script->uses) {
      if (!use.tool->packages.of_system || use.action->kind != ActionKind::install) continue;
      for (const auto i : use.operands) {
        const auto& word = use.command->words[i];
        const bool pinned = word.raw.find_first_of("=~<>") != word.raw.npos;
        if (pinned || (word.value.is_known() && find_dropped_package("alpine", newer, word.text()))) return word.raw;
      }
    }
  }
  return {};
}

}  // namespace dockhew::inline ecosystems
