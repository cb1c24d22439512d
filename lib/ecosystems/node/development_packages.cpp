#include "ecosystems/node/development_packages.hpp"

#include <optional>
#include <string_view>
#include <vector>

#include "text/json.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view folder = "node_modules";

// The directory of a project, whose `node_modules` is not inside another one.
std::vector<std::string> find_projects(const Image& image, const std::string& directory) {
  std::vector<std::string> projects;
  for (auto at = image.files.lower_bound(directory); at != image.files.end() && at->first.starts_with(directory); ++at)
    if (const auto& path = at->first; path_is_under(path, directory) && path_basename(path) == folder &&
                                      path_parent(path).find(folder) == std::string_view::npos)
      projects.emplace_back(path_parent(path));
  return projects;
}

Json read_document(const Image& image, const std::string& path) {
  const auto* file = find_file(image, path);
  return file == nullptr ? Json() : parse_json(file->text).value;
}

// Directories of packages in the `node_modules` of a project, and the links to some.
std::vector<std::string> find_packages(const Image& image, const std::string& project) {
  const auto root = project + "/" + std::string(folder) + "/";
  std::vector<std::string> found;
  for (auto at = image.files.lower_bound(root); at != image.files.end() && at->first.starts_with(root); ++at) {
    const auto& path = at->first;
    auto parent = path_parent(path);
    if (path_basename(parent).starts_with('@')) parent = path_parent(parent);
    const auto name = path_basename(path);
    if (path_basename(parent) != folder || name.starts_with('.') || name.starts_with('@')) continue;
    if (at->second.type == FileType::symbolic_link || image.files.contains(path + "/package.json"))
      found.push_back(path);
  }
  return found;
}

// Which package is a link to, or is itself.
std::string real(const Image& image, const std::string& path) { return real_path(image, path).value_or(path); }

// What npm has written down: paths of packages, relative to the project, with whether only development needs them.
std::optional<std::set<std::string>> find_in_lock(const Image& image, const std::string& project) {
  for (const auto* of_others : {"/node_modules/.yarn-integrity", "/node_modules/.modules.yaml"})
    if (find_file(image, project + of_others) != nullptr) return std::nullopt;
  for (const auto* name : {"/node_modules/.package-lock.json", "/npm-shrinkwrap.json", "/package-lock.json"}) {
    const auto lock = read_document(image, project + name);
    const auto* packages = lock.find("packages");
    if (packages == nullptr) continue;
    std::set<std::string> development;
    for (const auto& [path, package] : packages->members()) {
      const auto* flag = package.find("dev");
      if (flag != nullptr && flag->dump() == "true") development.insert(project + "/" + path);
    }
    return development;
  }
  return std::nullopt;
}

std::optional<std::string> find_dependency(const Image& image, const std::string& package, const std::string& name) {
  for (std::string_view at = package;; at = path_parent(at)) {
    if (path_basename(at) != folder) {
      const auto place = (at == "/" ? "" : std::string(at)) + "/" + std::string(folder) + "/" + name;
      if (find_file(image, place) != nullptr) return real(image, place);
    }
    if (at == "/" || at == ".") return std::nullopt;
  }
}

// The real directories of all packages that a project needs, through the manifests of the packages themselves.
std::set<std::string> find_needed(const Image& image, const std::string& project) {
  std::set<std::string> needed;
  std::vector<std::string> left = {project};
  while (!left.empty()) {
    const auto package = std::move(left.back());
    left.pop_back();
    const auto manifest = read_document(image, package + "/package.json");
    const auto* meta = manifest.find("peerDependenciesMeta");
    for (const auto* section : {"dependencies", "optionalDependencies", "peerDependencies"}) {
      const auto* names = manifest.find(section);
      if (names == nullptr) continue;
      for (const auto& [name, version] : names->members()) {
        // Nobody installs what a package merely works with.
        const bool peer = std::string_view(section) == "peerDependencies";
        if (peer && meta != nullptr && meta->contains(name)) continue;
        if (auto found = find_dependency(image, package, name); found && needed.insert(*found).second)
          left.push_back(std::move(*found));
      }
    }
  }
  return needed;
}

// Below `.pnpm` a package lies in a directory of its own, beside links to what it depends on.
std::string place_of(const std::string& package) {
  const auto store = package.find("/.pnpm/");
  if (store == package.npos) return package;
  return package.substr(0, package.find('/', store + 7));
}

void find_in_project(const Image& image, const std::string& project, std::set<std::string>& development) {
  if (read_document(image, project + "/package.json").is_null()) return;
  const auto lock = find_in_lock(image, project);
  const auto needed = lock ? std::set<std::string>() : find_needed(image, project);
  for (const auto& package : find_packages(image, project)) {
    const auto target = real(image, package);
    const bool unneeded = lock ? lock->contains(package) || lock->contains(target) : !needed.contains(target);
    if (!unneeded) continue;
    development.insert(package);
    if (target == package) development.insert(place_of(package));
  }
  // Lists of what is installed, and links to the programs of packages, which are missed where one is started.
  const auto root = project + "/" + std::string(folder) + "/";
  for (const auto* name : {".bin", ".cache", ".modules.yaml", ".package-lock.json", ".pnpm/lock.yaml",
                           ".pnpm-workspace-state.json", ".yarn-integrity", ".yarn-state.yml"})
    development.insert(root + name);
}

}  // namespace

std::set<std::string> find_development_packages(const Image& image, const std::string& directory) {
  std::set<std::string> development;
  for (const auto& project : find_projects(image, directory)) find_in_project(image, project, development);
  return development;
}

}  // namespace dockhew::inline ecosystems
