#include "repository_builds.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <set>

#include "container_runs.hpp"
#include "files.hpp"
#include "text/path.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t most_levels = 8;     // above a Dockerfile, up to its repository
constexpr std::size_t levels_outside = 3;  // where it is in none
constexpr int deepest = 3;                 // below the root of a repository
constexpr int deepest_outside = 2;         // below a directory with a build file, where there is no repository
constexpr std::size_t most_names = 5000;   // of files and directories that are looked at
constexpr std::size_t most_files = 100;    // of a kind that are read
constexpr std::size_t most_starts = 50;    // of what is run in an image; what more would run is not known
// Directories whose answers are kept, of very many.
constexpr std::size_t most_remembered = 1000;

// Where build files are if they are not in a directory above the Dockerfile.
constexpr std::array<std::string_view, 14> usual_directories = {
    ".devcontainer", ".docker", ".github/workflows", "build", "compose",    "deploy", "deployment", "docker",
    "infra",         "ops",     "infrastructure",    "k8s",   "kubernetes", "scripts"};

struct Search {
  std::vector<std::string> files, run_files;
  std::size_t names = 0;

  // `depth`: how many levels of directories below this one.
  void look_into(const std::string& directory, int depth) {
    std::error_code error;
    if (!fs::is_directory(fs::symlink_status(directory, error))) return;
    std::vector<std::string> below;
    const auto entries = list_directory(directory, most_names - names + 1);
    for (const auto& [name, kind] : entries) {
      if (++names > most_names) return;
      auto path = directory + '/' + name;
      if (kind == PathKind::directory && is_searched(name)) below.push_back(std::move(path));
      else if (kind == PathKind::file && is_build_file(path)) add(files, std::move(path));
      else if (kind == PathKind::file && is_run_file(path)) add(run_files, std::move(path));
    }
    std::ranges::sort(below);
    if (depth > 0)
      for (const auto& each : below) look_into(each, depth - 1);
  }

  static void add(std::vector<std::string>& to, std::string path) {
    if (to.size() < most_files) to.push_back(std::move(path));
  }

  static bool is_searched(const std::string& name) {
    if (name.starts_with('.')) return name == ".github" || name == ".devcontainer" || name == ".docker";
    return name != "node_modules" && name != "vendor" && name != "target";
  }
};

void remove_repeated(std::vector<std::string>& paths) {
  std::ranges::sort(paths);
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
}

std::string canonical(const std::string& path) {
  std::error_code error;
  return fs::weakly_canonical(path, error).string();
}

}  // namespace

Surroundings surroundings_of(const std::string& path) {
  Surroundings result;
  auto& all = result.directories;
  std::error_code error;
  for (auto directory = fs::absolute(path, error).lexically_normal().parent_path(); all.size() < most_levels;
       directory = directory.parent_path()) {
    all.push_back(directory.string());
    if (fs::exists(directory / ".git", error)) {
      result.repository = all.back();
      return result;
    }
    if (directory == directory.parent_path()) break;
  }
  // Somebody's home or the whole machine is nobody's build context.
  if (all.size() > levels_outside) all.resize(levels_outside);
  if (all.size() > 1 && fs::path(all.back()) == fs::path(all.back()).root_path()) all.pop_back();
  return result;
}

Surroundings RepositoryBuilds::around(const std::string& path) const {
  const std::scoped_lock lock(mutex_);
  if (around_.size() >= most_remembered) around_.clear();
  const std::string directory(path_parent(path));
  const auto known = around_.find(directory);
  return known != around_.end() ? known->second : around_.emplace(directory, surroundings_of(path)).first->second;
}

const RepositoryBuilds::Found& RepositoryBuilds::read(const std::string& directory) const {
  if (const auto known = found_.find(directory); known != found_.end()) return known->second;
  Search search;
  std::error_code error;
  if (fs::exists(fs::path(directory) / ".git", error)) {
    search.look_into(directory, deepest);
  } else {
    search.look_into(directory, 0);
    // A directory with a build file is that of a project, though Git does not say so.
    if (!search.files.empty()) {
      search = {};
      search.look_into(directory, deepest_outside);
    }
    for (const auto usual : usual_directories) search.look_into(directory + '/' + std::string(usual), 0);
    remove_repeated(search.files);
    remove_repeated(search.run_files);
  }
  auto& found = found_[directory];
  const auto add = [&](const std::string& file, Builds read) {
    for (auto& build : read.builds)
      if (!build.dockerfile.empty()) found.builds.push_back({file, std::move(build)});
    std::ranges::move(read.runs, std::back_inserter(found.runs));
  };
  std::ranges::sort(search.files);
  for (const auto& file : search.files) add(file, read_build_file(file));
  std::ranges::sort(search.run_files);
  for (const auto& file : search.run_files) add(file, read_run_file(file));
  return found;
}

std::vector<std::string> RepositoryBuilds::searched(const std::string& path) const {
  auto [upwards, repository] = around(path);
  if (!repository.empty()) return {repository};
  std::erase_if(upwards, [](const fs::path& directory) { return directory == directory.root_path(); });
  return upwards;
}

std::vector<NamedBuild> RepositoryBuilds::of(const std::string& path) const {
  const auto repository = around(path).repository;
  std::vector<NamedBuild> named;
  const auto directories = searched(path);
  const std::scoped_lock lock(mutex_);
  if (found_.size() >= most_remembered) found_.clear();
  for (const auto& directory : directories) {
    for (const auto& each : read(directory).builds) {
      if (path_basename(each.build.dockerfile) != path_basename(path) ||
          canonical(each.build.dockerfile) != canonical(path))
        continue;
      // A link may lead out of the repository.
      const bool outside = !repository.empty() && !path_is_under(canonical(each.build.context), canonical(repository));
      std::error_code error;
      if (!outside && fs::is_directory(each.build.context, error)) named.push_back(each);
    }
  }
  return named;
}

std::set<std::string, std::less<>> RepositoryBuilds::images(const std::string& path) const {
  std::set<std::string, std::less<>> names;
  const auto directories = searched(path);
  const std::scoped_lock lock(mutex_);
  for (const auto& directory : directories)
    for (const auto& each : read(directory).builds) names.insert(each.build.images.begin(), each.build.images.end());
  return names;
}

std::vector<ContainerStart> RepositoryBuilds::runs(const std::string& path,
                                                   const std::vector<NamedBuild>& builds) const {
  std::set<std::string, std::less<>> images, last_parts, services;
  for (const auto& each : builds) {
    images.insert(each.build.images.begin(), each.build.images.end());
    services.insert(each.build.name);
  }
  for (const auto& image : images) last_parts.emplace(path_basename(image));
  const auto [upwards, repository] = around(path);
  last_parts.emplace(path_basename(upwards.front()));
  if (!repository.empty()) last_parts.emplace(path_basename(repository));
  // Who runs an image may name it with another registry; what is built on one of that name may be on a stranger's.
  const auto is_of = [&](const ImageRun& run) {
    if (run.image.empty()) return services.contains(run.service);
    // `FROM shop_web`: Compose names the image of `web` after the project, which may lie in any directory.
    const bool of_service = run.child && run.image.find('/') == run.image.npos &&
                            std::ranges::any_of(services, [&](const std::string& service) {
                              return run.image.ends_with('_' + service) || run.image.ends_with('-' + service);
                            });
    if (run.child) return of_service || images.contains(run.image);
    return last_parts.contains(path_basename(run.image));
  };
  std::vector<ContainerStart> starts;
  const auto directories = searched(path);
  const std::scoped_lock lock(mutex_);
  for (const auto& directory : directories)
    for (const auto& run : read(directory).runs)
      if (starts.size() <= most_starts && is_of(run)) starts.push_back(run.start);
  if (starts.size() > most_starts) starts.back().text.clear();
  return starts;
}

}  // namespace dockhew::cli
