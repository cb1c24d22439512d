#include "build_files.hpp"

#include <filesystem>

#include "text/path.hpp"
#include "yaml_reader.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

std::string text_of(const YAML::Node& node, const char* fallback) {
  return node && node.IsScalar() ? node.Scalar() : std::string(fallback);
}

// Neither a local directory nor a file: a repository, a tarball, or a value that is only known at run time.
bool is_elsewhere(const std::string& path) {
  return path.find("://") != path.npos || path.starts_with("git@") || path.find('$') != path.npos;
}

Build make_build(const std::string& name, const std::string& context, const std::string& dockerfile,
                 const fs::path& base, const YAML::Node& at) {
  Build build;
  build.name = name;
  build.line = static_cast<std::size_t>(at.Mark().line) + 1;
  if (is_elsewhere(context) || is_elsewhere(dockerfile)) return build;
  const auto normal = [](const fs::path& path) {
    auto text = path.lexically_normal().string();
    while (text.size() > 1 && text.ends_with('/')) text.pop_back();
    return text.empty() ? std::string(".") : text;
  };
  build.context = normal(base / context);
  build.dockerfile = normal(fs::path(build.context) / dockerfile);
  return build;
}

// https://docs.docker.com/reference/compose-file/build/
void read_compose(const YAML::Node& services, const fs::path& directory, std::vector<Build>& builds) {
  if (!services.IsMap()) return;
  for (const auto& service : services) {
    const auto build = service.second.IsMap() ? service.second["build"] : YAML::Node();
    if (!build || build.IsNull()) continue;
    const auto name = text_of(service.first, "");
    if (build.IsScalar()) {
      builds.push_back(make_build(name, build.Scalar(), "Dockerfile", directory, build));
      continue;
    }
    if (!build.IsMap()) continue;
    auto made = make_build(name, text_of(build["context"], "."), text_of(build["dockerfile"], "Dockerfile"), directory,
                           service.first);
    if (build["dockerfile_inline"]) made.dockerfile.clear();
    made.cache_from = build["cache_from"].IsDefined();
    made.cache_to = build["cache_to"].IsDefined();
    builds.push_back(std::move(made));
  }
}

// https://github.com/docker/build-push-action: paths are relative to the repository, whose root is two directories up.
void read_workflow(const YAML::Node& jobs, const fs::path& directory, std::vector<Build>& builds) {
  if (!jobs.IsMap()) return;
  for (const auto& job : jobs) {
    const auto steps = job.second.IsMap() ? job.second["steps"] : YAML::Node();
    if (!steps || !steps.IsSequence()) continue;
    for (const auto& step : steps) {
      if (!step.IsMap() || !text_of(step["uses"], "").starts_with("docker/build-push-action")) continue;
      const auto with = step["with"];
      const bool given = with && with.IsMap();
      const auto value = [&](const char* key, const char* fallback) {
        return given ? text_of(with[key], fallback) : std::string(fallback);
      };
      const auto context = value("context", ".");
      auto build = make_build(text_of(step["name"], text_of(job.first, "").c_str()), context, "Dockerfile",
                              directory / ".." / "..", step);
      // Unlike in Compose, `file` is relative to the repository, not to the context.
      if (const auto file = value("file", ""); !file.empty() && !build.dockerfile.empty())
        build.dockerfile = is_elsewhere(file) ? "" : (directory / ".." / ".." / file).lexically_normal().string();
      build.cache_from = !value("cache-from", "").empty();
      build.cache_to = !value("cache-to", "").empty();
      builds.push_back(std::move(build));
    }
  }
}

bool is_workflow(const std::string& path) {
  return fs::absolute(path).parent_path().lexically_normal().string().ends_with(".github/workflows");
}

}  // namespace

bool is_build_file(const std::string& path) {
  const auto name = path_basename(path);
  if (!name.ends_with(".yaml") && !name.ends_with(".yml")) return false;
  return name.starts_with("compose.") || name.starts_with("docker-compose.") || name.starts_with("compose-") ||
         name.starts_with("docker-compose-") || is_workflow(path);
}

Builds read_build_file(const std::string& path) {
  Builds result;
  const auto directory = fs::path(path).parent_path();
  result.error = read_yaml(path, [&](const YAML::Node& root) {
    if (!root.IsMap()) throw WrongValue(root.Mark(), "there are neither services nor jobs in this file");
    if (is_workflow(path)) read_workflow(root["jobs"], directory, result.builds);
    else read_compose(root["services"], directory, result.builds);
  });
  return result;
}

std::string cache_suggestion(const std::string& path, const Build& build) {
  if (build.cache_from && build.cache_to) return {};
  const bool workflow = is_workflow(path);
  const std::string missing = workflow           ? build.cache_from ? "cache-to"
                                                   : build.cache_to ? "cache-from"
                                                                    : "cache-from and cache-to"
                              : build.cache_from ? "cache_to"
                              : build.cache_to   ? "cache_from"
                                                 : "cache_from and cache_to";
  return "`" + build.name + "` has no " + missing +
         ", so a builder without local cache rebuilds every layer; for example " +
         (workflow ? "`cache-from: type=gha` and `cache-to: type=gha,mode=max`"
                   : "`cache_from: [\"type=registry,ref=IMAGE:cache\"]` and `cache_to: "
                     "[\"type=registry,ref=IMAGE:cache,mode=max\"]`");
}

}  // namespace dockhew::cli
