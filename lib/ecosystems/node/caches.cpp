#include "ecosystems/node/caches.hpp"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <string_view>

#include "ecosystems/node/package_scripts.hpp"
#include "ecosystems/node/project_place.hpp"
#include "effects/environment.hpp"
#include "effects/source_copy.hpp"
#include "text/path.hpp"
#include "text/toml.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

using Hazards = Outcome<std::vector<Assumption>>;

// Whether a RUN sees a file of the build context's root: copied by an earlier step, or bind-mounted into this one.
bool sees_context_file(const Site& site, const std::string& name) {
  const auto brings = [&](const std::string& source) {
    if (clean_path(source) == ".") return true;
    const auto paths = site.context().expand(source);
    return std::ranges::find(paths, name) != paths.end();
  };
  const bool bound = std::ranges::any_of(site.step.mounts, [&](const Mount& mount) {
    return mount.type == Mount::Type::bind && mount.from.empty() && brings(mount.source.empty() ? "." : mount.source);
  });
  return bound || site.any_earlier({"copies ", name}, [&](const Site& earlier) {
    const auto& copy = earlier.step.copy;
    return copy && copy->from_context() && std::ranges::any_of(copy->sources, [&](const CopySource& source) {
             return source.known && brings(source.text);
           });
  });
}

// ---- Yarn -----------------------------------------------------------------------------------------------------------

// A use of Yarn that sees a value of a variable by which `holds`.
template <typename Holds>
bool any_use_sees(const Site& site, const Tool& yarn, std::string_view variable, const Holds& holds) {
  return std::ranges::any_of(site.uses(), [&](const ToolUse& use) {
    return use.tool == &yarn && holds(environment(site, *use.command, variable));
  });
}

// The major version that .yarnrc.yml names as a file of the project, or that package.json asks Corepack for; 0 when
// neither says one.
int yarn_version(const BuildContext& context) {
  for (const auto& [file, name] : {std::pair(".yarnrc.yml", std::string_view(".yarn/releases/yarn-")),
                                   std::pair("package.json", std::string_view("\"yarn@"))}) {
    const auto text = context.read(file).value_or("");
    const auto at = text.find(name);
    if (at != text.npos) return std::atoi(text.c_str() + at + name.size());
  }
  return 0;
}

// Yarn 4 unpacks packages from a cache in the home directory when it is told to link them into node_modules. Without
// that, the project runs from the cache itself; Yarn 2 and 3 keep it in the project
// (https://yarnpkg.com/configuration/yarnrc).
Hazards modern_yarn_hazards(const Site& site, const Tool& yarn) {
  const auto settings = site.context().read(".yarnrc.yml").value_or("");
  const auto says = [&](std::string_view text) { return settings.find(text) != settings.npos; };
  const bool links_modules = settings.starts_with("nodeLinker: node-modules") || says("\nnodeLinker: node-modules");
  const bool local_cache = any_use_sees(site, yarn, "YARN_ENABLE_GLOBAL_CACHE", is_switched_off);
  const bool other_linker = any_use_sees(
      site, yarn, "YARN_NODE_LINKER", [](const Value& value) { return value.is_known() && !value.is("node-modules"); });
  if (yarn_version(site.context()) < 4)
    return Declined{
        "neither package.json nor .yarnrc.yml says that Yarn is version 4 or newer; earlier ones keep their cache in "
        "the "
        "project"};
  if (says("enableGlobalCache: false") || says("cacheFolder") || says("globalFolder") || local_cache)
    return Declined{"`.yarnrc.yml` moves Yarn's cache elsewhere"};
  if (!links_modules || other_linker)
    return Declined{"Yarn creates no node_modules here, so the project runs from the cache"};
  if (!sees_context_file(site, ".yarnrc.yml"))
    return Declined{".yarnrc.yml has not been copied when this runs, so the project would run from the cache"};
  return std::vector<Assumption>();
}

// A command that switches Yarn to a version other than the one of its package.json or its image.
bool changes_yarn(const Site& site) {
  const auto& script = site.step.script;
  return script && std::ranges::any_of(script->commands, [](const ShellCommand& command) {
           if (command.name() == "yarn" || command.name() == "yarnpkg")
             return command.has_word("set") && command.has_word("version") && !command.has_word("classic");
           return command.name() == "corepack" && std::ranges::any_of(command.words, [](const ShellWord& word) {
                    return word.raw.starts_with("yarn@") && !word.raw.starts_with("yarn@1");
                  });
         });
}

// An option or a file that only Yarn 2 and newer have.
bool looks_modern(const Site& site, const Tool& yarn) {
  constexpr std::string_view options[] = {"--immutable", "--immutable-cache", "--inline-builds"};
  const auto is_modern = [&](const ToolUse& use) {
    return use.tool == &yarn && use.uses_cache() &&
           std::ranges::any_of(options, [&](std::string_view option) { return use.has_option(option); });
  };
  const auto of_modern = [](const CopySource& source) {
    return source.text.find(".yarnrc.yml") != std::string::npos || source.text.ends_with(".yarn") ||
           source.text.find(".yarn/") != std::string::npos;
  };
  return std::ranges::any_of(site.uses(), is_modern) ||
         std::ranges::any_of(site.file.stages(), [&](const Stage& stage) {
           return std::ranges::any_of(stage.steps, [&](const Step& step) {
             return step.copy && std::ranges::any_of(step.copy->sources, of_modern);
           });
         });
}

// Yarn 2 and newer keep their packages elsewhere, and may run the project from there.
Hazards yarn_hazards(const Site& site, const Tool& yarn) {
  const Declined newer{"Yarn is version 2 or newer here, and keeps its cache where .yarnrc.yml says"};
  const auto& context = site.context();
  if (changes_yarn(site) || site.any_earlier({"changes yarn"}, changes_yarn)) return newer;
  if (context.is_known() && context.exists(".yarnrc.yml")) return modern_yarn_hazards(site, yarn);
  if (looks_modern(site, yarn)) return newer;
  if (context.is_known()) {
    const auto package = context.read("package.json");
    const auto at = package ? package->find("\"yarn@") : std::string::npos;
    if (at != std::string::npos && package->compare(at, 8, "\"yarn@1.") != 0) return newer;
    if (package) return std::vector<Assumption>();
  }
  return std::vector<Assumption>{{"yarn-1", "Yarn is version 1; later versions keep their cache elsewhere"}};
}

// ---- pnpm -----------------------------------------------------------------------------------------------------------

// With a global virtual store node_modules are links into pnpm's store
// (https://pnpm.io/settings#enableglobalvirtualstore).
Hazards pnpm_hazards(const Site& site) {
  for (const auto& [name, setting] : {std::pair("pnpm-workspace.yaml", "enableGlobalVirtualStore: true"),
                                      std::pair(".npmrc", "enable-global-virtual-store=true")})
    if (const auto text = site.context().read(name); text && text->find(setting) != text->npos)
      return Declined{"what is installed may consist of links into the cache"};
  return std::vector<Assumption>();
}

// ---- settings files -------------------------------------------------------------------------------------------------

// A file of the project, where the image has it when this runs.
std::string read_settings(const Site& site, const Tool& tool, const std::string& name) {
  for (const auto& use : site.uses()) {
    if (use.tool != &tool || !use.command->directory.is_known()) continue;
    if (const auto path = file_in_context(site, resolve_path(use.command->directory.text, name)))
      return site.context().read(*path).value_or("");
  }
  return site.context().is_known() && sees_context_file(site, name) ? site.context().read(name).value_or("") : "";
}

// Whether a line begins with a key and a sign behind it: `store-dir=/srv`, `storeDir: /srv`.
bool has_key(std::string_view text, std::string_view key) {
  return std::ranges::any_of(split_lines(text), [&](std::string_view written) {
    const auto line = trim_unicode(written);
    if (!line.starts_with(key)) return false;
    const auto rest = trim_unicode(line.substr(key.size()));
    return rest.starts_with('=') || rest.starts_with(':');
  });
}

struct PlaceSetting {
  std::string_view tool;
  const char* file;
  std::string_view key, variable;  // which has the last word
};
constexpr PlaceSetting place_settings[] = {{"npm", ".npmrc", "cache", "npm_config_cache"},
                                           {"pnpm", ".npmrc", "store-dir", "npm_config_store_dir"},
                                           {"pnpm", "pnpm-workspace.yaml", "storeDir", "npm_config_store_dir"}};

// A mount where nothing is stored would be useless.
Obstacle place_in_settings(const Site& site, const Tool& tool) {
  const auto told = [&](const ToolUse& use, std::string_view variable) {
    return use.tool == &tool && !environment(site, *use.command, variable).text.empty();
  };
  for (const auto& setting : place_settings)
    if (tool.id == setting.tool &&
        std::ranges::none_of(site.uses(), [&](const ToolUse& use) { return told(use, setting.variable); }) &&
        has_key(read_settings(site, tool, setting.file), setting.key))
      return Declined{"`" + std::string(setting.file) + "` says where " + std::string(tool.title) +
                      " keeps packages (`" + std::string(setting.key) + "`)"};
  return std::nullopt;
}

bool is_switched_off_by_variable(const Site& site, const ShellCommand& command) {
  const auto value = environment(site, command, "BUN_INSTALL_GLOBAL_STORE");
  return value.is_known() && !value.text.empty() && is_switched_off(value);
}

// With isolated packages node_modules are links into Bun's cache, unless that is switched off
// (https://bun.sh/docs/pm/global-store), and with `[install.cache] dir` the cache is elsewhere.
Hazards bun_hazards(const Site& site, const Tool& tool) {
  const auto parsed = parse_toml(read_settings(site, tool, "bunfig.toml"));
  const auto* install = parsed ? (*parsed)["install"].as_table() : nullptr;
  const auto linker = install == nullptr ? std::string() : (*install)["linker"].value_or(std::string());
  const bool kept = install != nullptr && !(*install)["globalStore"].value_or(true);
  for (const auto& use : site.uses()) {
    if (use.tool != &tool || !use.uses_cache()) continue;
    const auto& command = *use.command;
    const bool hoisted = command.has_word("--linker=hoisted") || command.has_word("hoisted");
    const bool isolated = command.has_word("--linker=isolated") || command.has_word("isolated") || linker == "isolated";
    if (isolated && !hoisted && !kept && !is_switched_off_by_variable(site, command))
      return Declined{"packages are isolated, so what is installed may consist of links into the cache"};
    const auto place = environment(site, command, "BUN_INSTALL_CACHE_DIR");
    if (install != nullptr && (*install)["cache"]["dir"] && !(place.is_known() && !place.text.empty()))
      return Declined{"`bunfig.toml` says where Bun keeps its cache (`dir`)"};
  }
  return std::vector<Assumption>();
}

// ---- what installers put below ~/.cache -----------------------------------------------------------------------------

struct Download {
  std::string_view command, variable, below_home, what;
};
constexpr Download downloads[] = {
    {"playwright", "PLAYWRIGHT_BROWSERS_PATH", "/.cache/ms-playwright", "Playwright puts its browsers into"},
    {"puppeteer", "PUPPETEER_CACHE_DIR", "/.cache/puppeteer", "Puppeteer puts its browsers into"},
    {"cypress", "CYPRESS_CACHE_FOLDER", "/.cache/Cypress", "Cypress puts its program into"},
};

// `playwright install`, `npx playwright install`
const ShellCommand* installing_command(const Site& site, std::string_view program) {
  const auto& commands = site.step.script->commands;
  const auto installs = [&](const ShellCommand& command) {
    return (command.name() == program || command.has_word(program)) && command.has_word("install");
  };
  const auto found = std::ranges::find_if(commands, installs);
  return found == commands.end() ? nullptr : &*found;
}

// `yarn ci`, a script of package.json that installs with the tool: it gets no mount, and would download all again.
bool installs_by_script(const Site& site, const Tool& tool) {
  if (!site.step.script || site.step.script->opaque) return false;
  return std::ranges::any_of(site.step.script->commands, [&](const ShellCommand& command) {
    if (!is_package_manager(command.name()) || !command.directory.is_known()) return false;
    const auto package = read_project_file(site.file, site.stage, command.directory.text, "package.json");
    if (!package) return false;
    const auto lines = script_lines(*package, command);
    return std::ranges::any_of(lines, [&](const std::string& line) {
      const auto words = split_words(line);
      const auto found = std::ranges::find(words, tool.id);
      return found != words.end() && std::next(found) != words.end() &&
             (*std::next(found) == "install" || *std::next(found) == "ci" || *std::next(found) == "add");
    });
  });
}

}  // namespace

Hazards node_cache_hazards(const Site& site, const Tool& tool) {
  if (auto obstacle = place_in_settings(site, tool)) return *obstacle;
  const auto installs = [&](const Site& later) { return installs_by_script(later, tool); };
  if (site.any_later({"installs by a script with ", tool.id}, installs))
    return Declined{"a script of package.json, which a later RUN runs, installs with it as well, without the mount"};
  if (tool.id == "bun") return bun_hazards(site, tool);
  if (tool.id == "yarn") return yarn_hazards(site, tool);
  if (tool.id == "pnpm") return pnpm_hazards(site);
  return std::vector<Assumption>();
}

std::vector<KeptDirectory> node_kept_directories(const Site& site) {
  std::vector<KeptDirectory> kept;
  for (const auto& download : downloads) {
    const auto* command = installing_command(site, download.command);
    if (command == nullptr) continue;
    auto path = directory_by_variable(site, *command, download.variable, download.below_home);
    auto what = std::string(download.what) + " `" + path + "`";
    kept.push_back({std::move(path), std::move(what)});
  }
  return kept;
}

}  // namespace dockhew::inline ecosystems
