#include "caches/cache_hazards.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "ecosystems/build_effects.hpp"
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/started_programs.hpp"
#include "effects/environment.hpp"
#include "model/runs.hpp"

namespace dockhew::inline caches {
namespace {

// `apt-get install -yd`, `dnf install --downloadonly`
bool is_download_only(const ShellWord& word) {
  const auto& raw = word.raw;
  if (raw == "--download-only" || raw == "--downloadonly") return true;
  const bool short_options = raw.size() > 1 && raw[0] == '-' && raw[1] != '-';
  return short_options && raw.find('d') != raw.npos && raw.find_first_not_of("-dyqmfVu") == raw.npos;
}

bool only_downloads(const ToolUse& use) {
  return use.tool->packages.of_system && std::ranges::any_of(use.command->words, is_download_only);
}

bool links_into_cache(const Site& site, const ToolUse& use) {
  const auto given = [&](std::string_view option) {  // "--backend=symlink", which may be written with a blank
    const auto equals = option.find('=');
    return use.has_option(option) ||
           (equals != option.npos &&
            option_value(*use.command, option.substr(0, equals)).is(option.substr(equals + 1)));
  };
  const auto set = [&](std::string_view setting) { return has_setting(site, *use.command, setting); };
  return std::ranges::any_of(use.tool->cache_use.linking_options, given) ||
         std::ranges::any_of(use.tool->cache_use.linking_settings, set);
}

// A RUN in whose commands the tool puts a program into its cache and runs it from there.
bool puts_program_into_cache(const Site& site, const Tool& tool) {
  return std::ranges::any_of(site.step.script->commands, [&](const ShellCommand& command) {
    return std::ranges::any_of(tool.cache_use.commands_run, [&](Words words) {
      return command.name() == words[0] &&
             std::ranges::all_of(words.subspan(1), [&](std::string_view word) { return command.has_word(word); });
    });
  });
}

bool starts_from_cache(const Tool& tool, const StartedPrograms& started) {
  return std::ranges::any_of(tool.cache_use.commands_run, [&](Words words) {
    const std::string program(words[0]);
    return words.size() == 1 ? started.names.contains(program)
                             : started.commands.contains(program + ' ' + std::string(words[1]));
  });
}

// `npx` downloads a program into npm's cache and runs it from there. If the container does the same, itself or by a
// script, the image must contain it.
bool container_runs_from_cache(const Site& site, const Tool& tool) {
  const auto* ecosystem = find_ecosystem(tool);
  if (ecosystem == nullptr || ecosystem->runtime == nullptr) return false;
  return puts_program_into_cache(site, tool) && std::ranges::any_of(site.file.stages(), [&](const Stage& other) {
           return continues(site.file, other, site.stage) && !other.steps.empty() &&
                  starts_from_cache(tool, *find_started_programs(site.file, other, *ecosystem->runtime));
         });
}

}  // namespace

Outcome<std::vector<Assumption>> find_cache_hazards(const Site& site, const Tool& tool) {
  if (container_runs_from_cache(site, tool))
    return Declined{"the container runs a program that this RUN has put into the cache"};
  for (const auto& use : site.uses()) {
    if (use.tool != &tool || !use.uses_cache()) continue;
    if (links_into_cache(site, use)) return Declined{"what is installed may consist of links into the cache"};
    if (only_downloads(use))
      return Declined{"the packages are only downloaded, so a later command probably needs them"};
  }
  std::vector<Assumption> assumptions;
  if (const auto* ecosystem = find_ecosystem(tool); ecosystem != nullptr && ecosystem->cache_hazards != nullptr) {
    auto hazards = ecosystem->cache_hazards(site, tool);
    if (!hazards) return hazards;
    assumptions = *std::move(hazards);
  }
  for (const auto& cache : tool.caches)
    if (!cache.assumed.empty()) assumptions.push_back({std::string(tool.id) + "-place", std::string(cache.assumed)});
  return assumptions;
}

}  // namespace dockhew::inline caches
