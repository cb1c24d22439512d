#include "ecosystems/node/frozen_lock.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ecosystems/changed_manifest.hpp"
#include "ecosystems/installation.hpp"
#include "ecosystems/node/global_packages.hpp"
#include "ecosystems/node/project_place.hpp"
#include "effects/environment.hpp"
#include "effects/source_parts.hpp"
#include "facts/facts.hpp"
#include "model/context_path.hpp"
#include "text/json.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

// `yarn`, `yarn install`, `pnpm i`, with options that only say how.
bool installs_as_asked(const ToolUse& use) {
  constexpr std::string_view others[] = {"--filter",
                                         "--global",
                                         "--lockfile-only",
                                         "--no-lockfile",
                                         "--prefer-frozen-lockfile",
                                         "--pure-lockfile",
                                         "--recursive",
                                         "-F",
                                         "-g",
                                         "-r"};
  constexpr std::string_view deciding[] = {"--frozen-lockfile", "--immutable", "--no-frozen-lockfile"};
  if ((use.tool->id != "yarn" && use.tool->id != "pnpm") || !is_plain_installation(use)) return false;
  return std::ranges::none_of(use.command->words, [&](const ShellWord& word) {
    const auto begins = [&](std::string_view option) { return word.raw.starts_with(option); };
    return !word.value.is_known() || std::ranges::any_of(others, begins) || std::ranges::any_of(deciding, begins);
  });
}

// In the same words: "express@^4".
std::vector<std::string> asked_for(const Json& package) {
  std::vector<std::string> asked;
  for (const auto* section : {"dependencies", "devDependencies", "optionalDependencies"})
    if (const auto* found = package.find(section))
      for (const auto& [name, range] : found->members())
        if (range.is_string()) asked.push_back(name + '@' + *range.string());
  return asked;
}

// What a lock file names, as "express@^4".
using Entries = std::set<std::string, std::less<>>;

// `express@^4:`, `"@a/b@^1", "@a/b@^1.2":`
Entries entries_of_yarn(std::string_view lock) {
  Entries entries;
  for (const auto line : split_lines(lock)) {
    auto rest = trim_unicode(line);
    if (rest.empty() || line.starts_with(' ') || rest.starts_with('#') || !rest.ends_with(':')) continue;
    rest.remove_suffix(1);
    while (!rest.empty()) {
      const auto end = rest.find(", ");
      entries.emplace(unquoted(rest.substr(0, end)));
      rest = end == rest.npos ? std::string_view() : rest.substr(end + 2);
    }
  }
  return entries;
}

// `express:` and below it `specifier: ^4`, as pnpm has written them since version 8.
Entries entries_of_pnpm(std::string_view lock) {
  constexpr std::string_view specifier = "specifier: ";
  Entries entries;
  std::string_view above;
  for (const auto each : split_lines(lock)) {
    const auto line = trim_unicode(each);
    if (line.starts_with(specifier) && above.ends_with(':'))
      entries.insert(std::string(unquoted(above.substr(0, above.size() - 1))) + '@' +
                     std::string(unquoted(line.substr(specifier.size()))));
    above = line;
  }
  return entries;
}

// What a command says that is about package.json or the lock file.
constexpr std::string_view manifest_names[] = {"npm pkg", "package.json", "pnpm pkg", "pnpm-lock", "yarn.lock"};

// What the lock file cannot be compared with, word by word.
bool has_own_ranges(const Json& package) {
  return package.contains("workspaces") || package.contains("resolutions") || package.contains("pnpm") ||
         package.contains("overrides");
}

// Another pnpm reads no lock file of this version, and refuses it when it is told to keep to it.
Obstacle obstacle_of_pnpm(std::string_view lock, const Stage& stage, const Json& package) {
  constexpr std::string_view newest = "lockfileVersion: '9.0'";
  constexpr int first = 9;  // that writes it
  if (lock.find(newest) == lock.npos) return Declined{"the lock file is of another pnpm than those of today"};
  const auto majors = named_majors(stage, package, "pnpm");
  if (std::ranges::all_of(majors, [](int major) { return major >= first; })) return std::nullopt;
  return Declined{"the lock file is of a later pnpm than the one that is named"};
}

bool is_settled(const Site& site, const ToolUse& use, const std::string& root) {
  const auto read = [&](const char* name) { return site.context().read(join_context_path(root, name)).value_or(""); };
  const auto ci = environment(site, *use.command, "CI");  // then pnpm keeps to the lock file
  return ci.is_known() || ci.is_unknown() || read(".yarnrc").find("frozen-lockfile") != std::string::npos ||
         read(".npmrc").find("frozen-lockfile") != std::string::npos ||
         site.context().exists(join_context_path(root, ".yarnrc.yml")) ||
         site.context().exists(join_context_path(root, "pnpm-workspace.yaml"));
}

}  // namespace

std::optional<UnfrozenInstallation> unfrozen_installation(const Site& site, const ToolUse& use) {
  const auto& context = site.context();
  const auto directory = directory_of_use(use);
  if (!installs_as_asked(use) || !context.is_known() || !directory.is_known()) return std::nullopt;
  const auto index = site.earlier().size();
  const auto root = project_in_context(site.file, site.stage, index, directory.text);
  if (!root || is_settled(site, use, *root)) return std::nullopt;
  const bool yarn = use.tool->id == "yarn";
  const auto path = join_context_path(*root, yarn ? "yarn.lock" : "pnpm-lock.yaml");
  const auto lock = context.read(path), text = context.read(join_context_path(*root, "package.json"));
  if (!lock || !text || !is_brought(site.file, site.stage, index, directory.text, path)) return std::nullopt;
  if (yarn && lock->find("yarn lockfile v1") == lock->npos) return std::nullopt;
  const auto package = parse_json(*text).value;
  if (package.string_at("packageManager").starts_with("yarn@") &&
      !package.string_at("packageManager").starts_with("yarn@1."))
    return std::nullopt;
  const auto asked = asked_for(package);
  if (asked.empty() || has_own_ranges(package)) return std::nullopt;
  if (may_have_changed_manifest(site, use, directory.text, manifest_names)) return std::nullopt;
  UnfrozenInstallation found;
  found.has_all = *context.answer("all that package.json asks for is in " + path, [&] {
    const auto entries = yarn ? entries_of_yarn(*lock) : entries_of_pnpm(*lock);
    return std::ranges::all_of(asked, [&](const std::string& each) { return entries.contains(each); });
  });
  if (!yarn) found.obstacle = obstacle_of_pnpm(*lock, site.stage, package);
  return found;
}

}  // namespace dockhew::inline ecosystems
