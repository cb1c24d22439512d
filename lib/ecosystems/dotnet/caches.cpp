// The directory of packages is a store: what is restored there is read by every build, test and start of the project
// (https://learn.microsoft.com/nuget/consume-packages/managing-the-global-packages-and-cache-folders). NuGet's cache of
// downloads is not worth a mount: what is in it counts for half an hour (`SourceCacheContext.DefaultMaxAge`).
//
// A restore looks for each package that it has once restored, and fetches those that are gone
// (`NoOpRestoreUtilities.VerifyRestoreOutput`), so a build that restores works with an empty mount too. NuGet's locks
// are in /tmp (`ConcurrencyUtilities`), which containers do not share, so the mount has to be locked.
#include "ecosystems/dotnet/caches.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "ecosystems/dotnet/package_settings.hpp"
#include "effects/environment.hpp"

namespace dockhew::inline ecosystems {
namespace {

bool is_dotnet(const ShellCommand& command) { return command.name() == "dotnet"; }

// The first `dotnet` of a RUN for which something holds; null when there is none.
template <typename Holds>
const ShellCommand* find_dotnet(const Site& site, const Holds& holds) {
  if (!site.step.script) return nullptr;
  const auto& commands = site.step.script->commands;
  const auto found =
      std::ranges::find_if(commands, [&](const ShellCommand& command) { return is_dotnet(command) && holds(command); });
  return found == commands.end() ? nullptr : &*found;
}

const ShellCommand* command_with(const Site& site, std::string_view word) {
  return find_dotnet(site, [&](const ShellCommand& command) { return command.has_word(word); });
}

// The first word after `dotnet`; empty where it is not known.
std::string_view verb_of(const ShellCommand& command) {
  return command.words.size() > 1 && command.words[1].value.is_known() ? std::string_view(command.words[1].text())
                                                                       : std::string_view();
}

// `publish` copies the packages' files once more; what else takes a finished build has them beside it.
bool builds_without_restore(const ShellCommand& command, const std::string&) {
  if (!is_dotnet(command)) return false;
  return command.has_word("--no-build") ? verb_of(command) == "publish" : command.has_word("--no-restore");
}

bool is_verb_of_sdk(std::string_view verb) {
  constexpr std::string_view verbs[] = {"add",     "build",     "build-server", "clean",   "dev-certs", "ef",
                                        "help",    "list",      "msbuild",      "new",     "nuget",     "pack",
                                        "publish", "reference", "remove",       "restore", "run",       "sln",
                                        "test",    "tool",      "user-secrets", "workload"};
  return std::ranges::find(verbs, verb) != std::end(verbs) || verb.starts_with('-') || verb.ends_with(".dll");
}

bool restores_by_msbuild(const ShellCommand& command) {
  return std::ranges::any_of(command.words, [](const ShellWord& word) {
    return word.raw.find("restore") != word.raw.npos || word.raw.find("Restore") != word.raw.npos;
  });
}

// Local tools are run from the directory of packages, and nothing fetches them again.
bool installs_local_tool(const ShellCommand& command) {
  return verb_of(command) == "tool" &&
         (command.has_word("restore") || (command.has_word("install") && !command.has_word("-g") &&
                                          !command.has_word("--global") && !command.has_word("--tool-path")));
}

// `dotnet publish $FLAGS`: `--no-restore` may be among them.
bool may_skip_restore(const ShellCommand& command) {
  return std::ranges::any_of(command.words, [](const ShellWord& word) {
    return word.raw.find('$') != std::string::npos &&
           (!word.value.is_known() || word.text().find("--no-") != std::string::npos);
  });
}

// A command that reads packages and restores none, without an option that says so.
bool only_reads(const ShellCommand& command) {
  const auto verb = verb_of(command);
  if ((verb == "build" || verb == "publish" || verb == "pack" || verb == "test") && may_skip_restore(command))
    return true;
  if (verb == "msbuild") return !restores_by_msbuild(command);
  if (verb == "tool") return command.has_word("run");
  if (verb == "run" || verb == "ef") return command.has_word("--no-build") || command.has_word("--no-restore");
  return !verb.empty() && !is_verb_of_sdk(verb);
}

// `--source ./packages`, also of `dotnet nuget add source`. Of a value that is not known, what is written counts.
std::string local_source(const ShellCommand& command) {
  constexpr std::string_view options[] = {"-s", "--source", "--add-source"};
  constexpr std::string_view properties[] = {"RestoreSources=", "RestoreAdditionalProjectSources="};
  const auto is_local = [](std::string_view raw) { return raw.find("://") == raw.npos; };
  const auto& words = command.words;
  const bool adds =
      verb_of(command) == "nuget" && words.size() > 4 && words[2].raw == "add" && words[3].raw == "source";
  if (adds && std::ranges::all_of(words, is_local, &ShellWord::raw)) return words[4].raw;
  if (verb_of(command) == "nuget") return {};
  for (std::size_t i = 2; i < words.size(); ++i) {
    const std::string_view raw = words[i].raw;
    for (const auto option : options) {
      if (raw == option && i + 1 < words.size() && is_local(words[i + 1].raw)) return words[i + 1].raw;
      if (raw.starts_with(option) && raw.substr(option.size()).starts_with('=') && is_local(raw)) return words[i].raw;
    }
    for (const auto property : properties)
      if (raw.find(property) != raw.npos && is_local(raw)) return words[i].raw;
  }
  return {};
}

// What one RUN does to the packages that concerns those before and after it.
Obstacle run_obstacle(const Site& site) {
  std::string source;
  if (find_dotnet(site, [&](const ShellCommand& command) { return !(source = local_source(command)).empty(); }))
    return Declined{"`" + source + "` may be a directory, where another package may have the same version next time"};
  if (const auto* command = find_dotnet(site, [](const ShellCommand& it) { return it.has_word("--packages"); });
      command != nullptr)
    return Declined{"`--packages` has the packages elsewhere"};
  return std::nullopt;
}

bool uses_dotnet(const Site& site) {
  return find_dotnet(site, [](const ShellCommand&) { return true; }) != nullptr;
}

bool installs_local_tools(const Site& site) { return find_dotnet(site, installs_local_tool) != nullptr; }

bool only_reads_packages(const Site& site) { return find_dotnet(site, only_reads) != nullptr; }

Obstacle tool_obstacle(const Site& site) {
  const Declined obstacle{
      "`dotnet tool restore` puts the tools among the packages, and a mount may be empty when they "
      "are run"};
  if (site.any_earlier({"installs local tools of .NET"}, installs_local_tools)) return obstacle;
  if ((installs_local_tools(site) && site.any_later({"uses dotnet"}, uses_dotnet)) ||
      site.any_later({"installs local tools of .NET"}, installs_local_tools))
    return obstacle;
  return std::nullopt;
}

Obstacle reader_obstacle(const Site& site) {
  const bool here = only_reads_packages(site) && site.any_earlier({"uses dotnet"}, uses_dotnet);
  const auto later =
      here ? std::optional(site) : site.first_later({"reads packages of .NET alone"}, only_reads_packages);
  if (!later) return std::nullopt;
  const auto* command = find_dotnet(*later, only_reads);
  return Declined{"`dotnet " + std::string(verb_of(*command)) + (here ? "`" : "` in a later RUN") +
                  " reads the packages and downloads none, and a mount may be empty by then"};
}

Obstacle other_run_obstacle(const Site& site) {
  if (auto obstacle = run_obstacle(site)) return obstacle;
  const auto has_one = [](const Site& other) { return run_obstacle(other).has_value(); };
  const StepAnswers::Name question{"has an obstacle to a mount on .NET's packages"};
  if (const auto earlier = site.first_earlier(question, has_one)) return run_obstacle(*earlier);
  const auto later = site.first_later(question, has_one);
  return later ? run_obstacle(*later) : std::nullopt;
}

// What a step writes about the place of NuGet's packages, in a heredoc for one.
Obstacle written_settings_obstacle(const Site& site) {
  const auto text = slice(site.file.source(), site.step.instruction->span);
  for (const std::string_view setting : {"globalPackagesFolder", "RestorePackagesPath"})
    if (text.find(setting) != text.npos)
      return Declined{"`" + std::string(setting) + "` says where NuGet keeps packages"};
  if (const auto source = local_source_in(std::string(text)); !source.empty())
    return Declined{"the settings of NuGet that this file writes take packages from the directory `" + source + "`"};
  return std::nullopt;
}

// Of the first step of the file that does; each is looked at once, whichever RUN asks.
Obstacle settings_in_file_obstacle(const Dockerfile& file) {
  const auto writes = [](const Site& site) { return written_settings_obstacle(site).has_value(); };
  const auto& places = file.answers({"writes settings of NuGet"}, writes).places();
  if (places.empty()) return std::nullopt;
  const auto& stage = file.stages()[places.front().stage];
  return written_settings_obstacle({file, stage, stage.steps[places.front().step]});
}

}  // namespace

Outcome<std::vector<Assumption>> dotnet_cache_hazards(const Site& site, const Tool&) {
  if (command_with(site, "locals")) return Declined{"this RUN empties NuGet's caches itself"};
  if (auto obstacle = other_run_obstacle(site)) return *obstacle;
  if (auto obstacle = tool_obstacle(site)) return *obstacle;
  if (auto obstacle = reader_obstacle(site)) return *obstacle;
  if (auto obstacle = settings_in_file_obstacle(site.file)) return *obstacle;
  if (!site.context().is_known())
    return std::vector<Assumption>{
        {"nuget-packages", "the project has its packages from feeds, and keeps them where NuGet does by default"}};
  if (auto obstacle = kept_packages_obstacle(site.context())) return *obstacle;
  return std::vector<Assumption>();
}

// What only starts what was built reads no packages.
bool dotnet_leaves_cache(const Site&, const ToolUse& use, const ToolCache&) {
  return use.has_option("--no-build") && verb_of(*use.command) != "publish";
}

std::vector<KeptDirectory> dotnet_kept_directories(const Site& site) {
  const auto* restore = command_with(site, "restore");
  if (restore == nullptr || restore->has_word("--packages")) return {};
  if (site.context().is_known() && kept_packages_obstacle(site.context())) return {};
  return {{directory_by_variable(site, *restore, "NUGET_PACKAGES", "/.nuget/packages"),
           "the packages needed here are in the cache mount of an earlier RUN, and not in a layer; mount it here too",
           builds_without_restore}};
}

}  // namespace dockhew::inline ecosystems
