#include "ecosystems/node/lock_state.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ecosystems/changed_manifest.hpp"
#include "ecosystems/installation.hpp"
#include "ecosystems/node/project_place.hpp"
#include "ecosystems/node/version_range.hpp"
#include "ecosystems/tag_versions.hpp"
#include "effects/environment.hpp"
#include "effects/source_parts.hpp"
#include "facts/facts.hpp"
#include "model/context_path.hpp"
#include "model/ignored_by_git.hpp"
#include "model/runs.hpp"
#include "text/json.hpp"
#include "text/limits.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr const char* lock_names[] = {"npm-shrinkwrap.json", "package-lock.json"};  // npm prefers the first

using Ranges = std::map<std::string, std::string>;

// Where packages are installed, "node_modules/a/node_modules/b": by the name of a package, the directories that have it
// in their node_modules, each by its number. A package may lie deep and need thousands of others, so that no path is
// ever put together to look for one.
class Places {
 public:
  // False where packages lie deeper in each other than any that npm would install.
  bool add(std::string_view place) {
    const auto at = place.rfind(modules);
    if (place.empty() || at == place.npos) return true;  // the project, or a part of it
    if (place.size() > limits::longest_path) return false;
    by_name_[place.substr(at + modules.size())].insert(number_of(above(place)));
    return true;
  }

  // The directories in which Node looks for what a package at a place loads: its own, and those above. Nothing where
  // they are too many.
  std::optional<std::vector<std::size_t>> looked_in(std::string_view place) const {
    std::vector<std::size_t> directories;
    for (unsigned level = 0; level < limits::deepest_nesting; ++level) {
      if (const auto known = numbers_.find(place); known != numbers_.end()) directories.push_back(known->second);
      if (place.empty()) return directories;
      place = above(place);
    }
    return std::nullopt;
  }

  bool has(std::string_view name, const std::vector<std::size_t>& directories) const {
    const auto found = by_name_.find(name);
    return found != by_name_.end() &&
           std::ranges::any_of(directories, [&](std::size_t directory) { return found->second.contains(directory); });
  }

 private:
  static constexpr std::string_view modules = "node_modules/";

  static std::string_view above(std::string_view place) {
    const auto at = place.rfind(modules);
    return at == place.npos || at == 0 ? std::string_view() : place.substr(0, at - 1);
  }
  std::size_t number_of(std::string_view directory) {
    return numbers_.try_emplace(directory, numbers_.size()).first->second;
  }

  std::map<std::string_view, std::size_t> numbers_;  // of directories
  std::map<std::string_view, std::set<std::size_t>> by_name_;
};

Ranges ranges_in(const Json& package, std::string_view section) {
  Ranges ranges;
  if (const auto* found = package.find(section))
    for (const auto& [name, range] : found->members())
      if (range.is_string()) ranges.emplace(name, *range.string());
  return ranges;
}

struct AllRanges {
  Ranges all;  // whichever section they stand in
  std::vector<Ranges> sections;
};

AllRanges all_ranges(const Json& package) {
  AllRanges ranges;
  for (const auto* section : {"dependencies", "devDependencies", "optionalDependencies", "peerDependencies"}) {
    ranges.sections.push_back(ranges_in(package, section));
    ranges.all.insert(ranges.sections.back().begin(), ranges.sections.back().end());
  }
  return ranges;
}

bool is_optional_peer(const Json& package, std::string_view name) {
  const auto* about = package.find("peerDependenciesMeta");
  const auto* peer = about == nullptr ? nullptr : about->find(name);
  const auto* optional = peer == nullptr ? nullptr : peer->find("optional");
  return optional != nullptr && optional->boolean() != nullptr && *optional->boolean();
}

// Packages that a package brings along have no place of their own.
struct Bundled {
  explicit Bundled(const Json& package) {
    const auto* bundled = package.find("bundleDependencies");
    if (bundled == nullptr) return;
    all = bundled->boolean() != nullptr && *bundled->boolean();
    for (const auto& each : bundled->elements())
      if (each.is_string()) names.insert(*each.string());
  }
  bool has(std::string_view name) const { return all || names.contains(name); }

  bool all = false;
  std::set<std::string_view> names;
};

// Whether a package at a place finds all that it asks for.
bool finds_all(const Places& places, const std::vector<std::size_t>& directories, std::string_view place,
               const Json& package, bool peers) {
  const Bundled bundled(package);
  for (const auto* section : {"dependencies", "devDependencies", "optionalDependencies", "peerDependencies"}) {
    const std::string_view of = section;
    if ((of == "devDependencies" && !place.empty()) || (of == "peerDependencies" && !peers)) continue;
    const auto* declared = package.find(section);
    if (declared == nullptr) continue;
    for (const auto& [name, range] : declared->members())
      if (!(of == "peerDependencies" && is_optional_peer(package, name)) && !bundled.has(name) &&
          !places.has(name, directories))
        return false;
  }
  return true;
}

// What `npm ci` does not have, or what makes the installation another one.
bool has_other_purpose(const ToolUse& use) {
  for (const auto* option :
       {"-g", "--global", "--location", "--no-package-lock", "--package-lock", "--package-lock-only", "--dry-run",
        "--no-save", "--save", "-S", "--save-dev", "-D", "-w", "--workspace", "--workspaces"})
    if (use.has_option(option)) return true;
  return false;
}

// `npm install -g npm@10`
bool installs_npm(const Site& site) {
  return std::ranges::any_of(site.earlier(), [](const Step& step) {
    return step.script && std::ranges::any_of(step.script->commands, [](const ShellCommand& command) {
             return std::ranges::any_of(command.words, [&](const ShellWord& word) {
               return word.raw.starts_with("npm@") || (word.raw == "npm" && &word != &command.words.front());
             });
           });
  });
}

bool has_image_of_node(const Site& site) {
  const auto& image = site.stage.image;
  return image && image->entry != nullptr && image->entry->language == "node";
}

Declined not_of_this_npm(double version) {
  return {"the lock file is of npm " + std::string(version < 2 ? "6" : "7 or later") +
          ", and it is not known which npm the image has"};
}

// npm 7 and later read what npm 7 writes without a part for older ones (lockfileVersion 3); Node.js 15 brought npm 7.
Outcome<LockState> readable(const Site& site, double version) {
  const bool known = has_image_of_node(site);
  const bool supported = known && names_supported(chain_of(site.file, site.stage).back()->reference);
  const auto& of_image = site.stage.image->version;
  if (version >= 3 && supported) return LockState::matches;
  if (!known || version_numbers(of_image).empty()) {
    if (version < 3) return LockState::matches;
    return not_of_this_npm(version);
  }
  if (!version_at_least(of_image, "10"))
    return version < 3 ? Outcome<LockState>(Declined{"npm before 5.7 has no `npm ci`"}) : LockState::unreadable;
  if (version < 3 || version_at_least(of_image, "15")) return LockState::matches;
  return installs_npm(site) ? Outcome<LockState>(not_of_this_npm(version)) : LockState::unreadable;
}

// The overrides that a package.json names are not in the lock file, and only those of one version can be compared.
bool are_overridden(const Json& package, const Json& packages) {
  const auto* overrides = package.find("overrides");
  if (overrides == nullptr) return true;
  std::map<std::string_view, std::string, std::less<>> versions;
  for (const auto& [name, version] : overrides->members()) {
    if (!version.is_string() || name.find('@', 1) != name.npos) return false;  // `"qs@6": "6.11.0"`
    versions.emplace(name, *version.string());
  }
  constexpr std::string_view directory = "node_modules/";
  return std::ranges::all_of(packages.members(), [&](const auto& member) {
    const auto& [place, package_there] = member;
    const auto last = place.rfind(directory);
    const auto version =
        last == place.npos ? versions.end() : versions.find(std::string_view(place).substr(last + directory.size()));
    return version == versions.end() || is_in_range(package_there.string_at("version"), version->second) == true;
  });
}

// What npm 6 writes has the versions alone.
Outcome<LockState> compared_by_versions(const Site& site, const Json& package, const Json& lock) {
  const bool by_npm_6 = has_image_of_node(site) && version_at_least(site.stage.image->version, "10") &&
                        !version_at_least(site.stage.image->version, "15") && !installs_npm(site);
  if (!by_npm_6)
    return Declined{
        "the lock file is of npm 6, and newer ones complete it while they install; make it anew in the project"};
  const auto* locked = lock.find("dependencies");
  for (const auto* section : {"dependencies", "devDependencies", "optionalDependencies"})
    for (const auto& [name, range] : ranges_in(package, section)) {
      const auto* found = locked == nullptr ? nullptr : locked->find(name);
      if (found == nullptr) return LockState::differs;
      const auto fits = is_in_range(found->string_at("version"), range);
      if (!fits) return Declined{"whether the lock file has `" + name + "` as `" + range + "` could not be seen"};
      if (!*fits) return LockState::differs;
    }
  return LockState::matches;
}

Outcome<LockState> compared(const Site& site, const std::string& package_text, const std::string& lock_text,
                            bool peers) {
  const auto package = parse_json(package_text).value;
  const auto lock = parse_json(lock_text).value;
  const auto* field = lock.find("lockfileVersion");
  const double version = field == nullptr ? 0 : field->number().value_or(0);
  if (!package.is_object() || !lock.is_object()) return Declined{"package.json or its lock file cannot be read"};
  if (version == 1) return compared_by_versions(site, package, lock);
  const auto* packages = lock.find("packages");
  const auto* root = packages == nullptr ? nullptr : packages->find("");
  if (root == nullptr) return Declined{"the lock file does not say what package.json asked for"};
  if (auto state = readable(site, version); !state || *state != LockState::matches) return state;
  if (package.contains("workspaces"))
    return Declined{"package.json declares workspaces, whose packages have to match the lock file too"};
  if (!are_overridden(package, *packages))
    return Declined{"package.json has overrides, and whether the lock file was made with them could not be seen"};
  const auto own = all_ranges(package), locked = all_ranges(*root);
  if (own.all != locked.all) return LockState::differs;
  if (own.sections != locked.sections)
    return Declined{"the lock file has dependencies of package.json in another section"};
  const Declined too_deep = {"packages lie too deep in each other in the lock file"};
  Places places;
  for (const auto& [place, each] : packages->members())
    if (!places.add(place)) return too_deep;
  for (const auto& [place, each] : packages->members()) {
    const auto directories = places.looked_in(place);
    if (!directories) return too_deep;
    if (!finds_all(places, *directories, place, each, peers)) return LockState::incomplete;
  }
  return LockState::matches;
}

// What a command says that is about package.json, its lock file, or the setting about that.
constexpr std::string_view manifest_names[] = {"npm pkg", "npm-shrinkwrap", "package-lock", "package.json"};

}  // namespace

bool may_change_lock(const ToolUse& use) {
  const auto& words = use.action->words;
  return use.tool->id == "npm" && use.action->kind == ActionKind::install && words.size() == 1 &&
         (words.front() == "install" || words.front() == "i") && use.operands.empty() && installs_from_manifest(use) &&
         !has_other_purpose(use);
}

Outcome<LockState> lock_state(const Site& site, const ToolUse& use) {
  const auto& context = site.context();
  const auto directory = directory_of_use(use);
  if (!context.is_known() || !directory.is_known())
    return Declined{"whether the lock file matches package.json could not be seen"};
  if (may_have_changed_manifest(site, use, directory.text, manifest_names))
    return Declined{"a command or a COPY before it may have changed package.json or the lock file"};
  const auto index = site.earlier().size();
  const auto project = project_in_context(site.file, site.stage, index, directory.text);
  if (!project) return LockState::absent;
  for (const auto* name : lock_names) {
    const auto path = join_context_path(*project, name);
    if (is_ignored_by_git(context, path)) continue;
    if (context.kind(path) != PathKind::file || !is_brought(site.file, site.stage, index, directory.text, path))
      continue;
    const auto lock = context.read(path), package = context.read(join_context_path(*project, "package.json"));
    const auto settings = context.read(join_context_path(*project, ".npmrc")).value_or("");
    const bool peers = !use.has_option("--legacy-peer-deps") && settings.find("legacy-peer-deps") == settings.npos;
    if (is_switched_off(environment(site, *use.command, "npm_config_package_lock")) ||
        is_switched_off(environment(site, *use.command, "NPM_CONFIG_PACKAGE_LOCK")) ||
        settings.find("package-lock") != settings.npos)
      return Declined{"a setting says whether npm reads the lock file, and `npm ci` always does"};
    if (!lock || !package) return Declined{"package.json or its lock file cannot be read, or is too large"};
    return compared(site, *package, *lock, peers);
  }
  return LockState::absent;
}

bool has_clean_install(const Site& site) {
  const auto& image = site.stage.image;
  if (!image || image->entry->language != "node" || image->version.empty()) return true;
  // https://nodejs.org/en/about/previous-releases
  if (image->version == "8" || image->version == "10" || version_at_least(image->version, "10.3")) return true;
  return version_at_least(image->version, "8.12") && !version_at_least(image->version, "9");
}

}  // namespace dockhew::inline ecosystems
