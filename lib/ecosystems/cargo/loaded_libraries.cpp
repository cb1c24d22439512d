#include "ecosystems/cargo/loaded_libraries.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "ecosystems/cargo/effects.hpp"
#include "effects/source_parts.hpp"
#include "model/context_path.hpp"
#include "text/toml.hpp"

namespace dockhew::inline ecosystems {
namespace {

struct Crate {
  std::string library;  // the -dev package; empty where it links to none
  std::vector<std::string> dependencies;
};
using Crates = std::map<std::string, Crate, std::less<>>;

// Those that find a shared library of the system unless they are told otherwise.
constexpr std::string_view linking[] = {"mysqlclient-sys", "openssl-sys", "pq-sys"};

std::string name_of(std::string_view entry) { return std::string(entry.substr(0, entry.find(' '))); }

Crates crates_of(const toml::table& lock, const NameMap<std::string_view>& libraries) {
  Crates crates;
  const auto* packages = lock["package"].as_array();
  if (packages == nullptr) return crates;
  for (const auto& each : *packages) {
    const auto* package = each.as_table();
    const auto name = package == nullptr ? std::nullopt : (*package)["name"].value<std::string>();
    if (!name) continue;
    auto& crate = crates[*name];
    bool bundled = false;
    if (const auto* dependencies = (*package)["dependencies"].as_array())
      for (const auto& dependency : *dependencies) {
        crate.dependencies.push_back(name_of(dependency.value_or(std::string())));
        bundled |= crate.dependencies.back().ends_with("-src");
      }
    const auto library = libraries.find(*name);
    if (!bundled && library != libraries.end() && std::ranges::find(linking, *name) != std::end(linking))
      crate.library = library->second;
  }
  return crates;
}

// What the program itself needs, not its tests and not its build script. Nothing where features choose.
std::optional<std::vector<std::string>> needed_by_program(const toml::table& manifest) {
  if (manifest.contains("workspace") || manifest.contains("features") || manifest.contains("target"))
    return std::nullopt;
  std::vector<std::string> names;
  const auto* dependencies = manifest["dependencies"].as_table();
  if (dependencies == nullptr) return names;
  for (const auto& [key, value] : *dependencies) {
    const auto* settings = value.as_table();
    if (settings != nullptr && settings->contains("optional")) return std::nullopt;
    const auto renamed = settings == nullptr ? std::nullopt : (*settings)["package"].value<std::string>();
    names.push_back(renamed.value_or(std::string(key.str())));
  }
  return names;
}

std::set<std::string> reached(const Crates& crates, std::vector<std::string> left) {
  std::set<std::string> seen, libraries;
  while (!left.empty()) {
    const auto name = std::move(left.back());
    left.pop_back();
    const auto found = crates.find(name);
    if (found == crates.end() || !seen.insert(name).second) continue;
    if (!found->second.library.empty()) libraries.insert(found->second.library);
    left.insert(left.end(), found->second.dependencies.begin(), found->second.dependencies.end());
  }
  return libraries;
}

}  // namespace

std::vector<std::string> cargo_loaded_libraries(const Site& site, const ToolUse& use) {
  // Others are told to link statically, or are for another target.
  if (!cargo_links_c_library(site, use) || !use.command->directory.is_known() || use.command->has_word("install"))
    return {};
  const auto& facts = site.file.facts();
  const auto table = facts.needed_packages.find("cargo");
  if (table == facts.needed_packages.end()) return {};
  const auto project = project_in_context(site.file, site.stage, site.earlier().size(), use.command->directory.text);
  if (!project) return {};
  const auto text = site.context().read(join_context_path(*project, "Cargo.toml"));
  const auto lock_text = site.context().read(join_context_path(*project, "Cargo.lock"));
  const auto manifest = text ? parse_toml(*text) : std::nullopt;
  const auto lock = lock_text ? parse_toml(*lock_text) : std::nullopt;
  if (!manifest || !lock) return {};
  auto needed = needed_by_program(*manifest);
  if (!needed) return {};
  const auto libraries = reached(crates_of(*lock, table->second), *std::move(needed));
  return {libraries.begin(), libraries.end()};
}

}  // namespace dockhew::inline ecosystems
