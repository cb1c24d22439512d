#include "build_file_lint.hpp"

#include <filesystem>
#include <map>
#include <set>
#include <system_error>

#include "files.hpp"
#include "project/build_files.hpp"
#include "project/compose_file.hpp"
#include "project/docker_commands.hpp"
#include "project/said_in_file.hpp"
#include "project/workflow_file.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

// The Dockerfiles of one file, each read once.
class Dockerfiles {
 public:
  Dockerfiles(const std::string& build_file, const Facts& facts) : build_file_(build_file), facts_(facts) {}

  std::shared_ptr<const Dockerfile> read(const std::string& path) {
    const auto [known, is_new] = read_.try_emplace(path);
    if (!is_new || path.empty() || !is_of_project(path, build_file_)) return known->second;
    auto file = read_regular_file(path, largest_companion, Links::refused);
    if (file.error.empty())
      known->second = std::make_shared<const Dockerfile>(std::move(file.text), facts_, BuildContext());
    return known->second;
  }

 private:
  const std::string& build_file_;
  const Facts& facts_;
  std::map<std::string, std::shared_ptr<const Dockerfile>> read_;
};

// Of one file, each of which is looked for in its text.
constexpr std::size_t most_values = 5000;

std::string platforms_of(const Build& build) {
  std::string joined;
  for (const auto& platform : build.platforms) joined += (joined.empty() ? "" : ",") + platform;
  return !joined.empty() ? joined : build.on_arm ? "linux/arm64" : "linux/amd64";
}

// What of a build decides which layers it makes.
void add_layers(const Build& build, DeclaredBuild& declared) {
  declared.job = build.job;
  declared.path = build.dockerfile;
  declared.target = build.target;
  declared.platforms = platforms_of(build);
  declared.given_arguments = build.given_arguments;
  declared.has_cache = build.cache_from || build.cache_to || build.without_cache || !build.said_block;
  declared.hosted = build.hosted;
  for (const auto& said : build.said_cache_to) declared.cache_to.push_back({said.text, {}});
}

// Builds by other workflows of a Dockerfile that this one builds.
void add_elsewhere(const std::string& path, const RepositoryBuilds& repositories, BuildFile& file) {
  std::set<std::string> asked;
  std::error_code error;
  for (const auto& own : file.builds) {
    if (own.path.empty() || !asked.insert(own.path).second) continue;
    for (const auto& [place, build] : repositories.of(own.path)) {
      if (!is_workflow(place) || fs::equivalent(place, path, error) || file.elsewhere.size() >= most_values) continue;
      auto& other = file.elsewhere.emplace_back();
      add_layers(build, other);
      other.path = own.path;
    }
  }
}

bool says_something(const Build& build) {
  return !build.said_target.empty() || !build.said_arguments.empty() || !build.said_cache_to.empty() ||
         build.said_block;
}

}  // namespace

std::shared_ptr<const BuildFile> read_declared_builds(const std::string& path, const Facts& facts, std::string& error,
                                                      const RepositoryBuilds* repositories) {
  auto read = repositories != nullptr ? repositories->read_file(path) : read_build_file(path);
  if (!read.error.empty() || std::ranges::none_of(read.builds, says_something)) return nullptr;
  auto text = read_file(path, largest_companion);
  error = std::move(text.error);
  if (!error.empty()) return nullptr;
  auto file = std::make_shared<BuildFile>();
  file->kind = is_workflow(path)       ? BuildFile::Kind::workflow
               : is_compose_file(path) ? BuildFile::Kind::compose
                                       : BuildFile::Kind::other;
  file->name = fs::path(path).stem().string();
  file->text = std::move(text.text);
  if (file->text.find("\r\n") != std::string::npos) file->newline = "\r\n";
  const LineIndex lines(file->text);
  Dockerfiles dockerfiles(path, facts);
  // A workflow lies two directories below its project.
  const auto base = joined_path(fs::path(path).parent_path().string(), is_workflow(path) ? "../.." : ".");
  const auto pushed = repositories != nullptr && file->kind == BuildFile::Kind::compose
                          ? repositories->pushed_images(path)
                          : std::set<std::string, std::less<>>();
  std::size_t values = 0;
  for (const auto& build : read.builds) {
    if (!says_something(build)) continue;
    values += 1 + build.said_arguments.size() + build.said_cache_to.size();
    if (values > most_values) break;
    DeclaredBuild declared;
    declared.name = build.name;
    add_layers(build, declared);
    declared.in_matrix = build.in_matrix;
    declared.path_in_project = fs::path(build.dockerfile).lexically_relative(base).generic_string();
    declared.dockerfile = dockerfiles.read(build.dockerfile);
    declared.has_cache = build.cache_from || build.cache_to || build.without_cache;
    declared.can_export = build.exports_cache;
    declared.old_container = build.old_container;
    declared.image = build.said_image;
    declared.pushed = pushed.contains(image_name(build.said_image));
    if (const auto& block = build.said_block) {
      declared.block = place_in(lines, file->text, {block->key, block->line, block->column});
      declared.entries = room_in(lines, file->text, file->newline, *block);
    }
    for (const auto& said : build.said_target) declared.targets.push_back(place_in(lines, file->text, said));
    for (const auto& said : build.said_arguments)
      declared.arguments.push_back(place_in(lines, file->text, said, Match::whole_name));
    declared.cache_to.clear();
    for (const auto& said : build.said_cache_to) declared.cache_to.push_back(place_in(lines, file->text, said));
    file->builds.push_back(std::move(declared));
  }
  if (repositories != nullptr && file->kind == BuildFile::Kind::workflow) add_elsewhere(path, *repositories, *file);
  return file;
}

}  // namespace dockhew::cli
