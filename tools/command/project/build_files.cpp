#include "project/build_files.hpp"

#include <algorithm>
#include <filesystem>

#include "files.hpp"
#include "project/bake_file.hpp"
#include "project/compose_file.hpp"
#include "project/devcontainer_file.hpp"
#include "project/docker_commands.hpp"
#include "project/hosting_file.hpp"
#include "project/kaniko_steps.hpp"
#include "project/railway.hpp"
#include "project/workflow_file.hpp"
#include "text/limits.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;

bool is_elsewhere(const std::string& path) {
  return path.find("://") != path.npos || path.starts_with("git@") || path.find_first_of("${") != path.npos;
}

std::string path_pattern(std::string_view raw) {
  std::string pattern;
  bool varies = false;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] == '"' || raw[i] == '\'') continue;
    const bool ticks = raw[i] == '`';
    if (raw[i] != '$' && !ticks) {
      pattern += raw[i];
      continue;
    }
    const char open = i + 1 < raw.size() ? raw[i + 1] : '\0';
    const auto close = ticks         ? raw.find('`', i + 1)
                       : open == '{' ? raw.find('}', i)
                       : open == '(' ? raw.find(')', i)
                                     : raw.find_first_of("/.-:\"'$", i + 1) - 1;
    if (!pattern.ends_with('*')) pattern += '*';
    varies = true;
    i = std::min(close, raw.size() - 1);
  }
  const bool named = std::ranges::any_of(pattern, [](char c) { return c != '*' && c != '/' && c != '.'; });
  return varies && named ? pattern : std::string();
}

std::string joined_path(const std::string& base, const std::string& path) {
  auto text = (fs::path(base) / path).lexically_normal().string();
  while (text.size() > 1 && text.ends_with('/')) text.pop_back();
  return text.empty() ? std::string(".") : text;
}

bool exports_layers(std::string_view cache_to) {
  return !cache_to.empty() && cache_to.find("type=local") == cache_to.npos &&
         cache_to.find("type=inline") == cache_to.npos;
}

void add_platforms(Build& build, std::string list) {
  std::ranges::replace(list, ',', ' ');
  for (const auto platform : split_words(list)) build.platforms.emplace(platform);
}

Build local_build(const std::string& name, const std::string& context, const std::string& dockerfile,
                  const std::string& base, std::size_t line) {
  Build build;
  build.name = name.substr(0, limits::longest_name);
  build.line = line;
  if (is_elsewhere(context) || is_elsewhere(dockerfile)) return build;
  build.context = joined_path(base, context);
  build.dockerfile = joined_path(build.context, dockerfile);
  return build;
}

std::string dockerfile_there(const std::string& path) {
  constexpr std::string_view usual = "Dockerfile";
  std::error_code error;
  if (path_basename(path) != usual || fs::exists(path, error)) return path;
  auto lower = path.substr(0, path.size() - usual.size()) + "dockerfile";
  return fs::is_regular_file(lower, error) ? lower : path;
}

namespace {

Builds read_by_kind(const std::string& path, ComposeDirectories* known, CalledWorkflows* called);

}  // namespace

bool is_build_file(const std::string& path) {
  return is_compose_file(path) || is_workflow(path) || is_bake_file(path) || is_devcontainer_file(path) ||
         is_hosting_file(path);
}

Builds read_build_file(const std::string& path, ComposeDirectories* known, CalledWorkflows* called) {
  auto builds = read_by_kind(path, known, called);
  for (auto* list : {&builds.builds, &builds.named})
    for (auto& build : *list) build.dockerfile = dockerfile_there(build.dockerfile);
  return builds;
}

namespace {

Builds read_by_kind(const std::string& path, ComposeDirectories* known, CalledWorkflows* called) {
  if (is_workflow(path)) {
    auto builds = read_workflow(path, called);
    const auto text = read_regular_file(path, largest_companion, Links::refused).text;
    mark_builds_without_buildkit(path, text, builds);
    mark_builds_on_railway(path, text, builds);
    mark_builds_by_kaniko(path, text, builds);
    return builds;
  }
  if (is_bake_file(path)) return read_bake_file(path);
  if (is_devcontainer_file(path)) return read_devcontainer_file(path);
  if (is_hosting_file(path)) return read_hosting_file(path);
  return read_compose_file(path, known);
}

}  // namespace

}  // namespace dockhew::cli
