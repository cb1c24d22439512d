#include "project/image_runs.hpp"

#include <filesystem>
#include <utility>

#include "project/docker_commands.hpp"
#include "project/repository_builds.hpp"
#include "text/path.hpp"
#include "yaml_reader.hpp"

namespace dockhew::cli {
namespace {

constexpr std::size_t most_runs = 500, most_starts = 20, longest_start = 4096;

// In each directory that has the Dockerfile.
std::vector<Build> placed_anywhere(const Build& build, const std::string& path) {
  std::vector<Build> found;
  std::error_code error;
  for (const auto& directory : surroundings_of(path).directories) {
    auto there = build;
    there.context = joined_path(directory, build.context);
    there.dockerfile = joined_path(directory, build.dockerfile);
    if (std::filesystem::is_regular_file(there.dockerfile, error)) found.push_back(std::move(there));
  }
  return found;
}

}  // namespace

bool is_filled_in(std::string_view image) {
  auto name = path_basename(image.substr(0, image.find('@')));
  name = name.substr(0, name.find(':'));
  return name.empty() || name.find_first_of("$<{}>#%") != name.npos || name.find(filled_in) != name.npos;
}

std::string directory_of(const std::string& path) {
  const auto directory = std::filesystem::path(path).parent_path().string();
  return directory.empty() ? "." : directory;
}

std::string command_line_of(const YAML::Node& node) {
  return node && node.IsSequence() ? shell_words(node) : scalar_of(node);
}

std::string place_of(const std::string& path, const YAML::Node& node) {
  return path + ':' + std::to_string(line_of(node));
}

void add_run(ImageRun run, Builds& result) {
  if ((run.image.empty() && run.service.empty() && !run.any) || result.runs.size() >= most_runs) return;
  if (run.start.text.size() > longest_start) run.start.text.clear();  // not known
  run.image = image_name(run.image);
  result.runs.push_back(std::move(run));
}

void add_run(const std::string& image, std::string text, std::string place, Builds& result) {
  if (!text.empty()) add_run({image, {}, {std::move(text), std::move(place), true}}, result);
}

Build named_build(const std::string& image, const std::string& context, const std::string& dockerfile,
                  const std::string& base, std::size_t line) {
  auto build = local_build(image, context, "Dockerfile", base, line);
  if (!dockerfile.empty()) build.dockerfile = is_elsewhere(dockerfile) ? "" : joined_path(base, dockerfile);
  if (!image.empty()) build.images.insert(image_name(image));
  return build;
}

bool add_named_anywhere(const Build& build, const std::string& path, Builds& result) {
  auto found = placed_anywhere(build, path);
  for (auto& there : found)
    if (result.named.size() < most_builds) result.named.push_back(std::move(there));
  return !found.empty();
}

void add_script_build(const Build& build, const std::string& path, Builds& result) {
  auto found = placed_anywhere(build, path);
  const bool certain = found.size() == 1 && !build.uncertain && result.builds.size() < most_builds;
  for (auto& there : found)
    if (certain) result.builds.push_back(std::move(there));
    else if (result.named.size() < most_builds) result.named.push_back(std::move(there));
}

void add_start(std::string text, std::string place, Build& build) {
  if (text.empty() || build.starts.size() >= most_starts) return;
  if (text.size() > longest_start) text.clear();
  build.starts.push_back({std::move(text), std::move(place), false});
}

}  // namespace dockhew::cli
