#include "ecosystems/node/ignored_builds.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "ecosystems/installation.hpp"
#include "ecosystems/node/project_place.hpp"
#include "effects/source_parts.hpp"
#include "facts/facts.hpp"
#include "model/context_path.hpp"
#include "text/json.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr int first_that_stops = 11;
constexpr std::string_view last_that_goes_on = "pnpm@10";

// Packages that have had a script for their installation in all versions of many years. Source: `scripts` of each in
// the npm registry, 2026-11-30.
constexpr std::string_view with_scripts[] = {"@prisma/engines", "argon2", "bcrypt",  "core-js",  "cypress",
                                             "esbuild",         "prisma", "sqlite3", "puppeteer"};

// The word that has npm install pnpm for the whole stage, the last of them.
struct InstalledPnpm {
  const Step* step = nullptr;
  const ShellWord* word = nullptr;
};

InstalledPnpm installed_pnpm(const Site& site) {
  InstalledPnpm found;
  const auto look_at = [&](const Site& any) {
    for (const auto& use : any.uses()) {
      if (use.tool->id == "corepack") found = {};
      if (use.tool->id != "npm" || use.action->kind != ActionKind::install || !is_told_global(use)) continue;
      for (const auto i : use.operands) {
        const auto& word = use.command->words[i];
        if (word.value.is_known() && (word.text() == "pnpm" || word.text().starts_with("pnpm@")))
          found = {&any.step, &word};
      }
    }
  };
  for (const auto& earlier : site.earlier()) look_at(site.at(earlier));
  look_at(site);
  return found;
}

bool stops_at_builds(std::string_view package) {
  const auto at = package.find('@');
  if (at == package.npos || package.substr(at) == "@latest") return true;
  const auto version = version_numbers(package.substr(at + 1));
  return !version.empty() && version[0] >= first_that_stops;
}

// `esbuild@0.25.0:` and `'@prisma/engines@6.1.0':` in the list of packages.
std::string package_with_script(std::string_view lock) {
  for (const auto name : with_scripts)
    for (const auto* quote : {"\n  ", "\n  '"})
      if (lock.find(quote + std::string(name) + '@') != lock.npos) return std::string(name);
  return {};
}

// Whether the project, or the file, says anything about such scripts.
bool says_something(const Site& site, const std::string& root) {
  constexpr std::string_view words[] = {"allowBuilds",     "allow-builds",      "dangerously",
                                        "ignore-scripts",  "ignoreScripts",     "strict-dep-builds",
                                        "strictDepBuilds", "strict_dep_builds", "approve-builds"};
  const auto has = [&](std::string_view text) {
    return std::ranges::any_of(words, [&](std::string_view word) { return text.find(word) != text.npos; });
  };
  if (has(site.file.source())) return true;
  for (const auto* name : {"pnpm-workspace.yaml", ".npmrc", "package.json"})
    for (const auto& directory : {root, std::string(".")})
      if (has(site.context().read(join_context_path(directory, name)).value_or(""))) return true;
  return false;
}

}  // namespace

Refusal refusal_of_ignored_builds(const Site& site, const ToolUse& use) {
  const auto directory = directory_of_use(use);
  if (use.tool->id != "pnpm" || !is_plain_installation(use) || use.has_option("--prod") || use.has_option("-P") ||
      !directory.is_known() || !site.context().is_known())
    return {};
  const auto index = site.earlier().size();
  const auto root = project_in_context(site.file, site.stage, index, directory.text);
  const auto path = root ? join_context_path(*root, "pnpm-lock.yaml") : std::string();
  const auto lock = root ? site.context().read(path) : std::nullopt;
  const auto package = root ? site.context().read(join_context_path(*root, "package.json")) : std::nullopt;
  if (!lock || !package || !is_brought(site.file, site.stage, index, directory.text, path)) return {};
  // pnpm then takes the one that is named.
  if (!parse_json(*package).value.string_at("packageManager").empty() || says_something(site, *root)) return {};
  const auto pnpm = installed_pnpm(site);
  const auto name = package_with_script(*lock);
  if (pnpm.word == nullptr || !stops_at_builds(pnpm.word->text()) || name.empty()) return {};
  const bool newest = pnpm.word->text().find('@') == std::string::npos;
  Refusal refusal{
      (newest ? std::string("the newest pnpm, which is installed before,") : "`" + pnpm.word->text() + '`') +
      " stops here with ERR_PNPM_IGNORED_BUILDS, because nothing says whether `" + name +
      "` may run its script; list it under `allowBuilds` in pnpm-workspace.yaml, or take `" +
      std::string(last_that_goes_on) + '`'};
  refusal.edits = {{pnpm.step->script->to_source(pnpm.word->span), std::string(last_that_goes_on)}};
  refusal.title = "install `" + std::string(last_that_goes_on) + '`';
  return refusal;
}

}  // namespace dockhew::inline ecosystems
