#include "ecosystems/node/declared_packages.hpp"

#include <algorithm>
#include <iterator>

#include "model/context_path.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::size_t most_names = 300;

Json read(const BuildContext& context, const std::string& path) {
  const auto text = context.read(path);
  return text ? parse_json(*text).value : Json();
}

// `lodash@^4:` and `"@a/b@^1":` of Yarn, `  lodash@4.17.21:`, `  '@a/b@1.0.0':`, `  /lodash@4.17.21:` and
// `  /@a/b/1.0.0:` of pnpm: the names that lines begin with.
std::set<std::string, std::less<>> locked_names(std::string_view lock) {
  std::set<std::string, std::less<>> names;
  for (auto line : split_lines(lock)) {
    const bool indented = line.starts_with("  ");
    if (indented) line.remove_prefix(2);
    const bool older = indented && line.starts_with('/');
    if (older || line.starts_with(indented ? '\'' : '"')) line.remove_prefix(1);
    if (line.empty() || line.front() == ' ') continue;
    const bool scoped = line.front() == '@';
    if (const auto end = line.find('@', scoped ? 1 : 0); end != line.npos) names.emplace(line.substr(0, end));
    auto slash = line.find('/');
    if (scoped && slash != line.npos) slash = line.find('/', slash + 1);
    if (older && slash != line.npos) names.emplace(line.substr(0, slash));
  }
  return names;
}

}  // namespace

DeclaredPackages::DeclaredPackages(const BuildContext& context, const std::string& root) {
  package_ = read(context, join_context_path(root, "package.json"));
  lock_ = read(context, join_context_path(root, "package-lock.json"));
  for (const auto* name : {"yarn.lock", "pnpm-lock.yaml"})
    if (const auto text = context.read(join_context_path(root, name))) locked_ = locked_names(*text);
}

bool DeclaredPackages::is_development(const std::string& name) const {
  if (const auto* packages = lock_.find("packages"); packages != nullptr && packages->contains("")) {
    if (const auto* entry = packages->find("node_modules/" + name)) {
      const auto* dev = entry->find("dev");
      return dev != nullptr && dev->dump() == "true";
    }
  }
  const auto in = [&](std::string_view list) {
    const auto* names = package_.find(list);
    return names != nullptr && names->contains(name);
  };
  if (in("dependencies") || in("optionalDependencies")) return false;
  if (names_development(name)) return true;
  return locked_.contains(name);
}

bool DeclaredPackages::names_development(std::string_view name) const {
  const auto* names = package_.find("devDependencies");
  return names != nullptr && names->contains(name);
}

std::vector<std::string> DeclaredPackages::imported() const {
  std::vector<std::string> names;
  if (const auto* imports = package_.find("imports"))
    for (const auto& [name, target] : imports->members())
      names.push_back(target.is_string() ? *target.string() : target.dump());
  return names;
}

std::vector<std::string> DeclaredPackages::own_parts() const {
  constexpr std::string_view others[] = {"ava",
                                         "author",
                                         "babel",
                                         "browserslist",
                                         "bugs",
                                         "commitlint",
                                         "config",
                                         "contributors",
                                         "dependencies",
                                         "devDependencies",
                                         "directories",
                                         "engines",
                                         "eslintConfig",
                                         "files",
                                         "husky",
                                         "jest",
                                         "keywords",
                                         "knip",
                                         "lint-staged",
                                         "mocha",
                                         "nodemonConfig",
                                         "nyc",
                                         "nx",
                                         "optionalDependencies",
                                         "overrides",
                                         "peerDependencies",
                                         "peerDependenciesMeta",
                                         "pnpm",
                                         "pre-commit",
                                         "prettier",
                                         "prisma",
                                         "release",
                                         "repository",
                                         "resolutions",
                                         "scripts",
                                         "standard",
                                         "stylelint",
                                         "trustedDependencies",
                                         "xo"};
  std::vector<std::string> parts;
  if (package_.is_object())
    for (const auto& [name, value] : package_.members())
      if (!value.is_string() && std::ranges::find(others, name) == std::end(others)) parts.push_back(value.dump());
  return parts;
}

bool DeclaredPackages::has_one_of(std::span<const std::string_view> packages) const {
  const auto* names = package_.find("dependencies");
  return names != nullptr &&
         std::ranges::any_of(packages, [&](std::string_view name) { return names->contains(name); });
}

std::vector<std::string> DeclaredPackages::programs() const {
  constexpr std::string_view place = "node_modules/", ending = "-cli";
  std::vector<std::string> names;
  if (!lock_.contains("packages"))
    for (const auto& package : development()) {
      std::string name(path_basename(package));
      if (name.ends_with(ending)) names.push_back(name.substr(0, name.size() - ending.size()));
      names.push_back(std::move(name));
    }
  if (const auto* packages = lock_.find("packages"))
    for (const auto& [path, package] : packages->members()) {
      const auto* dev = package.find("dev");
      const auto* programs = package.find("bin");
      const bool top = path.starts_with(place) && path.find(place, place.size()) == path.npos;
      if (!top || dev == nullptr || programs == nullptr) continue;
      for (const auto& [program, file] : programs->members())
        if (names.size() < most_names) names.push_back(program);
    }
  return names;
}

std::vector<std::pair<std::string, std::string>> DeclaredPackages::scripts_with(
    const std::vector<std::string>& programs) const {
  std::vector<std::pair<std::string, std::string>> found;
  if (const auto* scripts = package_.find("scripts"))
    for (const auto& [name, line] : scripts->members()) {
      const auto words = split_words(line.is_string() ? std::string_view(*line.string()) : std::string_view());
      const auto program = std::ranges::find_first_of(words, programs);
      if (found.size() < most_names && program != words.end()) found.emplace_back(name, *program);
    }
  return found;
}

std::vector<std::string> DeclaredPackages::development() const {
  std::vector<std::string> names;
  if (const auto* list = package_.find("devDependencies"))
    for (const auto& [name, version] : list->members())
      if (names.size() < most_names && is_development(name)) names.push_back(name);
  return names;
}

}  // namespace dockhew::inline ecosystems
