#include "project/repository_builds.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <set>

#include "files.hpp"
#include "project/bake_file.hpp"
#include "project/building_programs.hpp"
#include "project/codebuild_images.hpp"
#include "project/compose_file.hpp"
#include "project/container_runs.hpp"
#include "project/image_names.hpp"
#include "project/railway.hpp"
#include "project/workflow_calls.hpp"
#include "project/workflow_file.hpp"
#include "text/path.hpp"
#include "yaml_reader.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t most_levels = 8;     // above a Dockerfile, up to its repository
constexpr std::size_t levels_outside = 3;  // where it is in none
constexpr int deepest = 4;                 // below the root of a repository
constexpr int deepest_outside = 2;         // below a directory with a build file, where there is no repository
constexpr std::size_t most_names = 5000;   // of files and directories that are looked at
constexpr std::size_t most_files = 200;    // of a kind that are read
constexpr std::size_t most_starts = 50;    // of what is run in an image; what more would run is not known
// Directories whose answers are kept, of very many.
constexpr std::size_t most_remembered = 1000;

// Where build files are if they are not in a directory above the Dockerfile.
constexpr std::array<std::string_view, 24> usual_directories = {".cloudbuild",
                                                                "ci",
                                                                "cloudbuild",
                                                                "gcp",
                                                                ".devcontainer",
                                                                ".docker",
                                                                ".github/workflows",
                                                                "build",
                                                                "compose",
                                                                "deploy",
                                                                "deployment",
                                                                "docker",
                                                                "infra",
                                                                "ops",
                                                                "infrastructure",
                                                                "k8s",
                                                                "kubernetes",
                                                                "scripts",
                                                                ".circleci",
                                                                ".do",
                                                                ".gitlab",
                                                                "bin",
                                                                "config",
                                                                ".kamal/hooks"};

struct Search {
  std::vector<std::string> files, run_files, programs, documents;
  std::set<std::string> dockerfile_directories;
  std::size_t names = 0, dockerfiles = 0;

  // `depth`: how many levels of directories below this one.
  void look_into(const std::string& directory, int depth) {
    std::error_code error;
    if (!fs::is_directory(fs::symlink_status(directory, error))) return;
    std::vector<std::string> below;
    const auto entries = list_directory(directory, most_names - names + 1);
    for (const auto& [name, kind] : entries) {
      if (++names > most_names) return;
      auto path = directory + '/' + name;
      if (kind == PathKind::file && is_dockerfile_name(name) && path_basename(directory) != ".devcontainer") {
        dockerfile_directories.insert(directory);
        ++dockerfiles;
      }
      if (kind == PathKind::directory && is_searched(name)) below.push_back(std::move(path));
      else if (kind == PathKind::file && is_nested_workflow(path)) continue;
      else if (kind == PathKind::file && is_build_file(path)) add(files, std::move(path));
      else if (kind == PathKind::file && (is_run_file(path) || may_build_images(name))) {
        if (may_build_images(name)) add(programs, path);
        if (is_run_file(path)) add(run_files, std::move(path));
      } else if (kind == PathKind::file && is_document(name)) add(documents, std::move(path));
    }
    std::ranges::sort(below);
    // `ci/ansible/roles/web/tasks` is deeper than others have their files.
    for (const auto& each : below)
      if (depth > 0 || path_basename(each) == "tasks") look_into(each, depth - 1);
  }

  static void add(std::vector<std::string>& to, std::string path) {
    if (to.size() < most_files) to.push_back(std::move(path));
  }

  bool is_complete() const { return names <= most_names && files.size() < most_files && run_files.size() < most_files; }

  static bool is_searched(const std::string& name) {
    constexpr std::string_view hidden[] = {".aws",          ".buildkite", ".ci",     ".circleci",  ".cloudbuild",
                                           ".devcontainer", ".do",        ".docker", ".dockerdev", ".github",
                                           ".gitlab",       ".kamal",     ".tekton", ".woodpecker"};
    if (name.starts_with('.')) return std::ranges::find(hidden, name) != std::end(hidden);
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

std::string home_directory() {
  const char* home = std::getenv("HOME");
  return home == nullptr ? std::string() : std::string(home);
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
  // Without a repository, the directory where dockhew is called is as good as one. Somebody's home or the whole machine
  // is nobody's build context.
  const auto here = fs::current_path(error).string();
  const auto called = here == home_directory() ? all.end() : std::ranges::find(all, here);
  const auto levels = called == all.end() ? 0 : static_cast<std::size_t>(called - all.begin()) + 1;
  if (all.size() > std::max(levels, levels_outside)) all.resize(std::max(levels, levels_outside));
  if (all.size() > 1 && fs::path(all.back()) == fs::path(all.back()).root_path()) all.pop_back();
  return result;
}

bool is_of_project(const std::string& path, const std::string& build_file) {
  const auto file = canonical(path);
  if (const auto repository = surroundings_of(build_file).repository; !repository.empty())
    return path_is_under(file, canonical(repository));
  std::error_code error;
  const auto directory = canonical(fs::absolute(build_file, error).parent_path().string()), here = canonical(".");
  return path_is_under(file, path_is_under(directory, here) ? here : directory);
}

void DockerfilePlaces::add(const std::string& dockerfile) {
  const auto [known, is_new] = canonical_.try_emplace(dockerfile);
  if (is_new) known->second = canonical(dockerfile);
  places_.emplace(std::pair(known->second, path_basename(dockerfile)), count_++);
}

std::vector<std::size_t> DockerfilePlaces::at(const std::string& path) const {
  std::vector<std::size_t> found;
  const auto [first, last] = places_.equal_range(std::pair(canonical(path), std::string(path_basename(path))));
  for (auto it = first; it != last; ++it) found.push_back(it->second);
  return found;
}

RepositoryBuilds::RepositoryBuilds()
    : compose_(std::make_shared<ComposeDirectories>()), workflows_(std::make_shared<CalledWorkflows>()) {}

Builds RepositoryBuilds::read_file(const std::string& path) const {
  return read_build_file(path, compose_.get(), workflows_.get());
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
    remove_repeated(search.programs);
  }
  constexpr std::size_t most_at_once = 8;  // what all files together may take, in the largest of files
  const YamlBudget budget(most_at_once);
  auto& found = found_[directory];
  std::set<std::string> parts;
  bool bakes_with_layers = false;
  const auto add = [&](const std::string& file, Builds read) {
    parts.insert(read.parts.begin(), read.parts.end());
    if (is_too_large(read.error)) found.unknown.push_back({"", file + ":1"});
    if (!read.unread.empty() && found.inline_in.empty()) found.inline_in = file;
    for (auto& build : read.builds) {
      if (build.dockerfile.empty()) continue;
      build.dockerfile = dockerfile_there(build.dockerfile);
      found.builds_at.add(build.dockerfile);
      found.images.insert(build.images.begin(), build.images.end());
      if (build.pushed) found.pushed_images.insert(build.images.begin(), build.images.end());
      found.builds.push_back({build.said_in.empty() ? file : build.said_in, std::move(build)});
    }
    std::ranges::move(read.runs, std::back_inserter(found.runs));
    for (auto& build : read.named) {
      if (build.said_in.empty()) build.said_in = file;
      build.dockerfile = dockerfile_there(build.dockerfile);
      found.named_at.add(build.dockerfile);
      found.named.push_back(std::move(build));
    }
    found.builds_anywhere |= !read.unplaced.empty();
    bakes_with_layers |= read.bakes_with_layers;
    for (auto& build : read.unplaced)
      if (!build.refuses_mounts.empty()) found.unplaced.push_back(std::move(build));
  };
  found.dockerfile_directories = std::move(search.dockerfile_directories);
  found.dockerfiles = search.dockerfiles;
  std::ranges::sort(search.files);
  for (const auto& file : search.files) add(file, read_file(file));
  std::ranges::sort(search.run_files);
  for (const auto& file : search.run_files) {
    if (parts.contains(file)) continue;
    if (is_dockerfile_name(std::string(path_basename(file)))) found.dockerfile_paths.push_back(file);
    else add(file, read_run_file(file, *compose_));
  }
  if (found.dockerfiles > 0)
    for (const auto& file : search.programs) add(file, read_building_program(file));
  found.complete = search.is_complete() && found.unknown.empty();
  for (auto* files : {&search.files, &search.run_files, &search.programs, &search.documents})
    std::ranges::move(*files, std::back_inserter(found.texts));
  refuse_mounts_of_codebuild(found.texts, found.builds, found.named);
  for (auto& each : found.builds)
    if (bakes_with_layers && is_bake_file(each.file)) each.build.fetches_layers = each.build.exports_layers = true;
  return found;
}

const std::vector<ImageRun>& RepositoryBuilds::children(const Found& found) const {
  if (!found.children) {
    auto& all = found.children.emplace();
    for (const auto& file : found.dockerfile_paths)
      std::ranges::move(read_run_file(file, *compose_).runs, std::back_inserter(all));
  }
  return *found.children;
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
  if (found_.size() >= most_remembered) found_.clear(), mentions_.clear();
  for (const auto& directory : directories) {
    const auto& found = read(directory);
    for (const auto place : found.builds_at.at(path)) {
      const auto& each = found.builds[place];
      // A link may lead out of the repository.
      const bool outside = !repository.empty() && !path_is_under(canonical(each.build.context), canonical(repository));
      std::error_code error;
      if (!outside && fs::is_directory(each.build.context, error)) named.push_back(each);
    }
  }
  return named;
}

std::optional<NamedBuild> RepositoryBuilds::named_beside(const std::string& path) const {
  const auto name = path_basename(path);
  const auto repository = around(path).repository;
  if (repository.empty()) return std::nullopt;
  const auto directory = canonical(std::string(path_parent(path)));
  // One of the usual name that lies at the root is built by hand: `docker build .`.
  const bool usual = name == "Dockerfile" || name == "Containerfile";
  if (usual && directory == canonical(repository)) return std::nullopt;
  const std::scoped_lock lock(mutex_);
  const auto& found = read(repository);
  if (!found.complete || !found.builds_at.at(path).empty() || !found.named_at.at(path).empty() ||
      (usual && found.builds_anywhere))
    return std::nullopt;
  std::error_code error;
  const auto beside = std::ranges::find_if(found.builds, [&](const NamedBuild& each) {
    return usual ? fs::is_regular_file(each.build.dockerfile, error)
                 : canonical(std::string(path_parent(each.build.dockerfile))) == directory;
  });
  if (beside == found.builds.end()) return std::nullopt;
  const auto [known, is_new] = mentions_.try_emplace(repository);
  if (is_new) known->second = read_mentions(found.texts);
  const auto& mentions = known->second;
  const bool spoken_of = usual ? mentions.words.contains(path_basename(directory)) : mentions.names.contains(name);
  return mentions.unknown || spoken_of ? std::nullopt : std::optional(*beside);
}

RepositoryBuilds::OtherBuilds RepositoryBuilds::built_with(const std::string& path, const std::string& context) const {
  OtherBuilds others;
  const auto directories = searched(path);
  const auto place = canonical(context);
  const std::scoped_lock lock(mutex_);
  for (const auto& directory : directories) {
    const auto& found = read(directory);
    if (others.inline_in.empty()) others.inline_in = found.inline_in;
    for (const auto& each : found.builds) {
      if (canonical(each.build.context) != place) continue;
      const auto below = fs::path(canonical(each.build.dockerfile)).lexically_relative(place).generic_string();
      if (!below.empty() && !below.starts_with("..")) others.dockerfiles.insert(below);
    }
  }
  return others;
}

namespace {

// Whether a build of which it is not known where its Dockerfile is may be one of this file.
bool may_be(const UnplacedBuild& build, const std::string& path, std::size_t dockerfiles) {
  const auto whole = [](const std::string& name) { return fs::absolute(name).lexically_normal().string(); };
  if (!build.pattern.empty() && glob_match(whole(build.pattern), whole(path))) return true;
  return build.of_only_one ? dockerfiles == 1 : build.pattern.empty();
}

}  // namespace

std::optional<RefusedMounts> RepositoryBuilds::refusal_of_mounts(const std::string& path) const {
  const auto directories = searched(path);
  const std::scoped_lock lock(mutex_);
  std::size_t dockerfiles = 0;
  for (const auto& directory : directories) dockerfiles += read(directory).dockerfiles;
  for (const auto& directory : directories) {
    const auto& found = read(directory);
    const auto refused = [](const std::string& file, const Build& build) {
      return RefusedMounts{file + ':' + std::to_string(build.line), build.refuses_mounts};
    };
    bool composed = false;
    for (const auto place : found.builds_at.at(path)) {
      const auto& each = found.builds[place];
      if (!each.build.refuses_mounts.empty()) return refused(each.file, each.build);
      composed |= is_compose_file(each.file);
    }
    for (const auto place : found.named_at.at(path))
      if (const auto& build = found.named[place]; !build.refuses_mounts.empty()) return refused(build.said_in, build);
    for (const auto& each : found.unplaced)
      if ((!each.of_compose || composed) && may_be(each, path, dockerfiles) &&
          !(is_by_railway(each) && builds_without_dockerfile(surroundings_of(path).directories)))
        return RefusedMounts{each.place, each.refuses_mounts};
  }
  return std::nullopt;
}

std::vector<NamedBuild> RepositoryBuilds::hints(const std::string& path) const {
  constexpr std::size_t most_hints = 20;
  std::vector<NamedBuild> hints;
  const auto directories = searched(path);
  const std::scoped_lock lock(mutex_);
  for (const auto& directory : directories) {
    const auto& found = read(directory);
    for (const auto place : found.named_at.at(path))
      if (const auto& build = found.named[place]; !build.program.empty() && hints.size() < most_hints)
        hints.push_back({build.said_in, build});
  }
  return hints;
}

std::set<std::string> RepositoryBuilds::programs(const std::string& path) const {
  std::set<std::string> names;
  if (path == "-") return names;
  const auto directories = searched(path);
  const std::scoped_lock lock(mutex_);
  for (const auto& directory : directories) {
    const auto& found = read(directory);
    for (const auto place : found.builds_at.at(path)) names.insert(found.builds[place].build.program);
    for (const auto place : found.named_at.at(path)) names.insert(found.named[place].program);
  }
  return names;
}

std::set<std::string, std::less<>> RepositoryBuilds::images(const std::string& path) const {
  std::set<std::string, std::less<>> names;
  const auto directories = searched(path);
  const std::scoped_lock lock(mutex_);
  for (const auto& directory : directories) names.insert(read(directory).images.begin(), read(directory).images.end());
  return names;
}

std::set<std::string, std::less<>> RepositoryBuilds::pushed_images(const std::string& path) const {
  std::set<std::string, std::less<>> names;
  const auto directories = searched(path);
  const std::scoped_lock lock(mutex_);
  for (const auto& directory : directories)
    names.insert(read(directory).pushed_images.begin(), read(directory).pushed_images.end());
  return names;
}

std::vector<ContainerStart> RepositoryBuilds::runs(const std::string& path,
                                                   const std::vector<NamedBuild>& builds) const {
  const auto surroundings = around(path);
  const auto directories = searched(path);
  ImageNames names(surroundings.directories.front(), surroundings.repository);
  std::vector<ContainerStart> starts;
  const std::scoped_lock lock(mutex_);
  for (const auto& each : builds) names.add(each.build);
  for (const auto& directory : directories) {
    const auto& found = read(directory);
    if (found.dockerfile_directories.size() > 1) names.add_others();
    names.add_dockerfiles(found.dockerfiles);
    starts.insert(starts.end(), found.unknown.begin(), found.unknown.end());
    for (const auto place : found.named_at.at(path)) {
      const auto& build = found.named[place];
      names.add(build);
      if (starts.size() <= most_starts) starts.insert(starts.end(), build.starts.begin(), build.starts.end());
    }
  }
  const auto add_fitting = [&](const std::vector<ImageRun>& runs) {
    for (const auto& run : runs)
      if (starts.size() <= most_starts && names.fit(run)) starts.push_back(run.start);
  };
  for (const auto& directory : directories) {
    add_fitting(read(directory).runs);
    if (names.has_builds()) add_fitting(children(read(directory)));
  }
  if (starts.size() > most_starts) starts.back().text.clear();
  return starts;
}

}  // namespace dockhew::cli
