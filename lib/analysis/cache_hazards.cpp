#include "analysis/cache_hazards.hpp"

#include <algorithm>
#include <string_view>

namespace dockhew {
namespace {

bool has_any_option(const ToolUse& use, std::initializer_list<std::string_view> options) {
  return std::ranges::any_of(options, [&](std::string_view option) { return use.has_option(option); });
}

// `apt-get install -yd`, `dnf install --downloadonly`
bool is_download_only(const ShellWord& word) {
  const auto& raw = word.raw;
  if (raw == "--download-only" || raw == "--downloadonly") return true;
  const bool short_options = raw.size() > 1 && raw[0] == '-' && raw[1] != '-';
  return short_options && raw.find('d') != raw.npos && raw.find_first_not_of("-dyqmfVu") == raw.npos;
}

// Whether a RUN of apk brings its own index: by a command, or by an option of the installation.
bool brings_index(const Dockerfile& file, const Step& step) {
  if (!step.script) return false;
  return std::ranges::any_of(find_tool_uses(file.facts(), *step.script), [](const ToolUse& use) {
    return use.tool->id == "apk" && (use.action->kind == ActionKind::refresh ||
                                     has_any_option(use, {"-U", "--no-cache", "--update-cache", "--update"}));
  });
}

bool runs_apk(const Dockerfile& file, const Step& step) {
  if (!step.script) return step.instruction->keyword == Keyword::run;  // it may
  return std::ranges::any_of(find_tool_uses(file.facts(), *step.script),
                             [](const ToolUse& use) { return use.tool->id == "apk"; });
}

CacheHazards apk_hazards(const Dockerfile& file, const Stage& stage, const Step& step) {
  CacheHazards result;
  if (!brings_index(file, step))
    result.declined =
        "this RUN installs without `apk update`: its index may be in an earlier layer, which is not read beside a "
        "cache";
  for (const auto& later : stage.steps)
    if (later.index > step.index && runs_apk(file, later) && !brings_index(file, later))
      result.declined = "a later RUN of apk may need the index of this layer";
  result.assumptions.push_back({"one-platform",
                                "the builder's caches are not shared by builds for several platforms, whose "
                                "indexes have the same name"});
  return result;
}

// Yarn 2 and newer keep their packages elsewhere, and may run the project from there.
CacheHazards yarn_hazards(const Dockerfile& file, const std::vector<ToolUse>& uses) {
  CacheHazards result;
  const auto newer = [&] {
    result.declined = "Yarn is version 2 or newer here, and keeps its cache where .yarnrc.yml says";
    return result;
  };
  for (const auto& use : uses)
    if (has_any_option(use, {"--immutable", "--immutable-cache", "--inline-builds"})) return newer();
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps)
      if (step.copy)
        for (const auto& source : step.copy->sources)
          if (source.text.find(".yarnrc.yml") != std::string::npos || source.text.ends_with(".yarn") ||
              source.text.find(".yarn/") != std::string::npos)
            return newer();
  const auto& context = file.context();
  if (context.is_known()) {
    if (context.exists(".yarnrc.yml")) return newer();
    const auto package = context.read("package.json");
    const auto at = package ? package->find("\"yarn@") : std::string::npos;
    if (at != std::string::npos && package->compare(at, 8, "\"yarn@1.") != 0) return newer();
    if (package) return result;
  }
  result.assumptions.push_back({"yarn-1", "Yarn is version 1; later versions keep their cache elsewhere"});
  return result;
}

}  // namespace

CacheHazards find_cache_hazards(const Dockerfile& file, const Stage& stage, const Step& step, const Tool& tool) {
  CacheHazards result;
  std::vector<ToolUse> uses;
  for (auto& use : find_tool_uses(file.facts(), *step.script))
    if (use.tool == &tool && use.uses_cache()) uses.push_back(std::move(use));
  for (const auto& use : uses) {
    if (has_any_option(use, {"--cache-dir", "--cache-folder", "--store-dir", "--cache", "--gradle-user-home"}))
      result.declined = "an option of the command says where the cache is";
    if (tool.id == "maven" && std::ranges::any_of(use.command->words, [](const ShellWord& word) {
          return word.raw.starts_with("-Dmaven.repo.local");
        }))
      result.declined = "an option of the command says where the repository is";
    if (tool.system_packages && std::ranges::any_of(use.command->words, is_download_only))
      result.declined = "the packages are only downloaded, so they are what a later command wants";
    if (has_any_option(use, {"--backend=symlink", "--link-mode=symlink"}) ||
        (tool.id == "uv" && file.lookup(stage, step, "UV_LINK_MODE").is("symlink")))
      result.declined = "what is installed are links into the cache";
  }
  // `dotnet nuget locals all --clear` empties the packages as well, which are not under the mount.
  if (tool.id == "dotnet" && std::ranges::any_of(step.script->commands, [](const ShellCommand& command) {
        return command.name() == "dotnet" && command.has_word("locals");
      }))
    result.declined = "this RUN empties NuGet's caches itself";
  if (!result.declined.empty()) return result;
  if (tool.id == "apk") return apk_hazards(file, stage, step);
  if (tool.id == "yarn") return yarn_hazards(file, uses);
  for (const auto& cache : tool.caches)
    if (!cache.assumed.empty()) result.assumptions.push_back({tool.id + "-place", cache.assumed});
  return result;
}

}  // namespace dockhew
