#include "ecosystems/dotnet/caches.hpp"

#include <algorithm>

#include "effects/environment.hpp"

namespace dockhew::inline ecosystems {
namespace {

// The first `dotnet` of a RUN with this word; null when there is none.
const ShellCommand* command_with(const Site& site, std::string_view word) {
  const auto& commands = site.step.script->commands;
  const auto found = std::ranges::find_if(
      commands, [&](const ShellCommand& command) { return command.name() == "dotnet" && command.has_word(word); });
  return found == commands.end() ? nullptr : &*found;
}

bool builds_without_restore(const ShellCommand& command) {
  return command.name() == "dotnet" && command.has_word("--no-restore");
}

}  // namespace

// `dotnet nuget locals all --clear` also empties the packages, which are not under the mount.
Outcome<std::vector<Assumption>> dotnet_cache_hazards(const Site& site, const Tool&) {
  if (command_with(site, "locals")) return Declined{"this RUN empties NuGet's caches itself"};
  return std::vector<Assumption>();
}

std::vector<KeptDirectory> dotnet_kept_directories(const Site& site) {
  const auto* restore = command_with(site, "restore");
  if (restore == nullptr) return {};
  return {{directory_by_variable(site, *restore, "NUGET_PACKAGES", "/.nuget/packages"),
           "the packages needed here are in the cache mount of an earlier RUN; mount it here too",
           builds_without_restore}};
}

}  // namespace dockhew::inline ecosystems
