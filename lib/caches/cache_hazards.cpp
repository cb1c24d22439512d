#include "caches/cache_hazards.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "model/runs.hpp"
#include "text/path.hpp"

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
bool brings_index(const Step& step) {
  if (!step.script) return false;
  return std::ranges::any_of(step.script->uses, [](const ToolUse& use) {
    return use.tool->id == "apk" && (use.action->kind == ActionKind::refresh ||
                                     has_any_option(use, {"-U", "--no-cache", "--update-cache", "--update"}));
  });
}

bool runs_apk(const Step& step) {
  if (!step.script) return step.instruction->keyword == Keyword::run;  // it may
  return std::ranges::any_of(step.script->uses, [](const ToolUse& use) { return use.tool->id == "apk"; });
}

CacheHazards apk_hazards(const Site& site) {
  CacheHazards result;
  if (!brings_index(site.step))
    result.declined =
        "this RUN installs without `apk update`: its index may be in an earlier layer, which is not read beside a "
        "cache";
  for (const auto& later : site.stage.steps)
    if (later.index > site.step.index && runs_apk(later) && !brings_index(later))
      result.declined = "a later RUN of apk may need the index of this layer";
  result.assumptions.push_back({"one-platform",
                                "the builder's caches are not shared by builds for several platforms, whose "
                                "indexes have the same name"});
  return result;
}

// Whether a RUN sees a file of the build context's root: copied by an earlier step, or bound to this one.
bool sees_context_file(const Site& site, const std::string& name) {
  const auto brings = [&](const std::string& source) {
    if (clean_path(source) == ".") return true;
    const auto paths = site.context().expand(source);
    return std::ranges::find(paths, name) != paths.end();
  };
  const bool bound = std::ranges::any_of(site.step.mounts, [&](const Mount& mount) {
    return mount.type == Mount::Type::bind && mount.from.empty() && brings(mount.source.empty() ? "." : mount.source);
  });
  return bound || site.any_earlier([&](const Step& earlier) {
    return earlier.copy && earlier.copy->from_context() &&
           std::ranges::any_of(earlier.copy->sources,
                               [&](const CopySource& source) { return source.known && brings(source.text); });
  });
}

// Yarn 4 unpacks packages from a cache in the home directory when it is told to link them into node_modules. Without
// that the project runs from the cache itself; Yarn 2 and 3 keep it in the project
// (https://yarnpkg.com/configuration/yarnrc).
CacheHazards modern_yarn_hazards(const Site& site) {
  CacheHazards result;
  const auto settings = site.context().read(".yarnrc.yml").value_or("");
  const auto package = site.context().read("package.json").value_or("");
  const auto at = package.find("\"yarn@");
  const auto says = [&](std::string_view text) { return settings.find(text) != settings.npos; };
  const bool links_modules = settings.starts_with("nodeLinker: node-modules") || says("\nnodeLinker: node-modules");
  const auto linker = site.variable("YARN_NODE_LINKER");
  const auto global = site.variable("YARN_ENABLE_GLOBAL_CACHE");
  const auto major = at == package.npos ? 0 : std::atoi(package.c_str() + at + std::string_view("\"yarn@").size());
  if (major < 4)
    result.declined =
        "package.json does not say that Yarn is version 4 or newer; earlier ones keep their cache in the project";
  else if (says("enableGlobalCache: false") || says("cacheFolder") || says("globalFolder") || global.is("false") ||
           global.is("0"))
    result.declined = "the cache of Yarn is where its settings say";
  else if (!links_modules || (linker.is_known() && !linker.is("node-modules")))
    result.declined = "Yarn links no node_modules here, so the project runs from the cache";
  else if (!sees_context_file(site, ".yarnrc.yml"))
    result.declined = ".yarnrc.yml is not there when this runs, so the project would run from the cache";
  return result;
}

// A command that makes Yarn another one than its package.json or its image says.
bool changes_yarn(const Step& step) {
  return step.script && std::ranges::any_of(step.script->commands, [](const ShellCommand& command) {
           if (command.name() == "yarn" || command.name() == "yarnpkg")
             return command.has_word("set") && command.has_word("version") && !command.has_word("classic");
           return command.name() == "corepack" && std::ranges::any_of(command.words, [](const ShellWord& word) {
                    return word.raw.starts_with("yarn@") && !word.raw.starts_with("yarn@1");
                  });
         });
}

// Yarn 2 and newer keep their packages elsewhere, and may run the project from there.
CacheHazards yarn_hazards(const Site& site, const std::vector<ToolUse>& uses) {
  CacheHazards result;
  const auto newer = [&] {
    result.declined = "Yarn is version 2 or newer here, and keeps its cache where .yarnrc.yml says";
    return result;
  };
  const auto& context = site.context();
  if (changes_yarn(site.step) || site.any_earlier(changes_yarn)) return newer();
  if (context.is_known() && context.exists(".yarnrc.yml")) return modern_yarn_hazards(site);
  for (const auto& use : uses)
    if (has_any_option(use, {"--immutable", "--immutable-cache", "--inline-builds"})) return newer();
  for (const auto& other : site.file.stages())
    for (const auto& any : other.steps)
      if (any.copy)
        for (const auto& source : any.copy->sources)
          if (source.text.find(".yarnrc.yml") != std::string::npos || source.text.ends_with(".yarn") ||
              source.text.find(".yarn/") != std::string::npos)
            return newer();
  if (context.is_known()) {
    const auto package = context.read("package.json");
    const auto at = package ? package->find("\"yarn@") : std::string::npos;
    if (at != std::string::npos && package->compare(at, 8, "\"yarn@1.") != 0) return newer();
    if (package) return result;
  }
  result.assumptions.push_back({"yarn-1", "Yarn is version 1; later versions keep their cache elsewhere"});
  return result;
}

// With a global virtual store node_modules are links into pnpm's store, and what is installed globally always is since
// pnpm 11 (https://pnpm.io/settings#enableglobalvirtualstore).
bool links_into_store(const Site& site, const ToolUse& use) {
  if (has_any_option(use, {"-g", "--global"})) return true;
  if (const auto value = site.variable("npm_config_enable_global_virtual_store"); value.is("true")) return true;
  for (const auto& [name, setting] : {std::pair("pnpm-workspace.yaml", "enableGlobalVirtualStore: true"),
                                      std::pair(".npmrc", "enable-global-virtual-store=true")})
    if (const auto text = site.context().read(name); text && text->find(setting) != text->npos) return true;
  return false;
}

// `zypper addrepo URL NAME` makes a repository that refreshes only when it is told to; `-f` one that always does.
bool adds_still_repository(const Step& step) {
  if (!step.script) return false;
  if (step.script->text.view().find("/etc/zypp") != std::string_view::npos) return true;
  return std::ranges::any_of(step.script->commands, [](const ShellCommand& command) {
    if (command.name() != "zypper" || (!command.has_word("addrepo") && !command.has_word("ar"))) return false;
    return std::ranges::none_of(command.words, [](const ShellWord& word) {
      const bool cluster = word.raw.size() > 1 && word.raw[0] == '-' && word.raw[1] != '-';
      return word.raw == "--refresh" || (cluster && word.raw.find('f') != word.raw.npos);
    });
  });
}

// Metadata that outlives the layer must be refreshed, or names packages that the mirror no longer has.
CacheHazards zypper_hazards(const Site& site) {
  CacheHazards result;
  const auto& uses = site.step.script->uses;
  const bool refreshes = std::ranges::any_of(
      uses, [](const ToolUse& use) { return use.tool->id == "zypper" && use.action->kind == ActionKind::refresh; });
  if (refreshes) return result;
  if (!site.stage.image || site.stage.image->distribution != "opensuse")
    result.declined =
        "whether the repositories of the base image refresh themselves is not known; `zypper refresh` in this RUN "
        "would do it";
  else if (adds_still_repository(site.step) || site.any_earlier(adds_still_repository))
    result.declined = "a repository is added that does not refresh itself, and this RUN has no `zypper refresh`";
  return result;
}

// `npx` downloads a program into npm's cache and runs it from there. When the container does the same, the image has to
// hold it.
bool container_runs_from_cache(const Site& site, const Tool& tool) {
  const auto matches = [&](std::string_view text) {
    return std::ranges::any_of(tool.runs_from_cache, [&](Words words) {
      const auto at = text.find(words[0]);
      return at != text.npos && (words.size() == 1 || text.find(words.back(), at) != text.npos);
    });
  };
  const bool fills = std::ranges::any_of(site.step.script->commands, [&](const ShellCommand& command) {
    return std::ranges::any_of(tool.runs_from_cache, [&](Words words) {
      return command.name() == words[0] && std::ranges::all_of(words, [&](const std::string_view& word) {
               return &word == &words[0] || command.has_word(word);
             });
    });
  });
  return fills && std::ranges::any_of(site.file.stages(), [&](const Stage& other) {
           return continues(site.file, other, site.stage) && std::ranges::any_of(other.steps, [&](const Step& later) {
                    const auto keyword = later.instruction->keyword;
                    const bool starts =
                        keyword == Keyword::cmd || keyword == Keyword::entrypoint || keyword == Keyword::healthcheck;
                    return starts && matches(later.instruction->text.view());
                  });
         });
}

}  // namespace

CacheHazards find_cache_hazards(const Site& site, const Tool& tool) {
  CacheHazards result;
  std::vector<ToolUse> uses;
  for (auto& use : site.step.script->uses)
    if (use.tool == &tool && use.uses_cache()) uses.push_back(std::move(use));
  for (const auto& use : uses) {
    if (tool.system_packages && std::ranges::any_of(use.command->words, is_download_only))
      result.declined = "the packages are only downloaded, so they are what a later command wants";
    if (has_any_option(use, {"--backend=symlink", "--link-mode=symlink"}) ||
        (tool.id == "uv" && site.variable("UV_LINK_MODE").is("symlink")) ||
        (tool.id == "pnpm" && links_into_store(site, use)))
      result.declined = "what is installed may be links into the cache";
  }
  // `dotnet nuget locals all --clear` empties the packages as well, which are not under the mount.
  if (tool.id == "dotnet" && std::ranges::any_of(site.step.script->commands, [](const ShellCommand& command) {
        return command.name() == "dotnet" && command.has_word("locals");
      }))
    result.declined = "this RUN empties NuGet's caches itself";
  if (container_runs_from_cache(site, tool))
    result.declined = "the container runs a program that this RUN has put into the cache";
  if (!result.declined.empty()) return result;
  if (tool.id == "apk") return apk_hazards(site);
  if (tool.id == "yarn") return yarn_hazards(site, uses);
  if (tool.id == "zypper") return zypper_hazards(site);
  for (const auto& cache : tool.caches)
    if (!cache.assumed.empty())
      result.assumptions.push_back({std::string(tool.id) + "-place", std::string(cache.assumed)});
  return result;
}

}  // namespace dockhew
