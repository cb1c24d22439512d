#include "project/hosting_file.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

#include "files.hpp"
#include "project/cloud_commands.hpp"
#include "project/docker_commands.hpp"
#include "project/image_runs.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"
#include "yaml_reader.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

bool is_file(const std::string& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

// A directory of the repository, written as if that were the root.
std::string below(const std::string& project, const std::string& directory) {
  const auto path = clean_path("/" + directory);
  return joined_path(project, path.substr(1));
}

void add_command(const YAML::Node& map, const char* key, const std::string& path, Build& build) {
  if (const auto command = map[key]) add_start(command_line_of(command), place_of(path, command), build);
}

void add_variables(const YAML::Node& list, Build& build) {
  constexpr std::size_t longest_setting = 1000;
  if (!list || !list.IsSequence()) return;
  for (const auto& each : list) {
    if (!each.IsMap() || !each["key"] || !each["key"].IsScalar()) continue;
    build.environment.insert(each["key"].Scalar());
    const auto value = scalar_of(each["value"]).substr(0, longest_setting);
    if (value.find('/') == value.npos) continue;  // it may name a place in the container
    YamlBudget::keep(value.size());
    build.settings.insert(value);
  }
}

// https://render.com/docs/blueprint-spec: paths are those of the repository. Each build gets a new machine; it keeps
// layers of earlier ones, as https://render.com/docs/docker says, and a kept layer has nothing of a mount.
void read_render(const YAML::Node& service, const std::string& path, Builds& result) {
  const auto runtime = scalar_of(service["runtime"]), older = scalar_of(service["env"]);
  const auto& language = runtime.empty() ? older : runtime;
  const auto type = scalar_of(service["type"]);
  const bool other = type == "redis" || type == "keyvalue" || service["image"];
  if (other || (!language.empty() && language != "docker")) return;
  const auto project = directory_of(path);
  auto dockerfile = scalar_of(service["dockerfilePath"]);
  if (dockerfile.empty()) dockerfile = "Dockerfile";
  const auto root = below(project, scalar_of(service["rootDir"]));
  const auto& base = is_file(below(project, dockerfile)) && scalar_of(service["rootDir"]).empty() ? project : root;
  auto build = local_build(scalar_of(service["name"]), ".", "Dockerfile", base, line_of(service));
  if (is_elsewhere(dockerfile)) return;
  build.dockerfile = is_file(below(base, dockerfile)) ? below(base, dockerfile) : below(project, dockerfile);
  if (const auto context = scalar_of(service["dockerContext"]); !context.empty()) build.context = below(base, context);
  build.cache_from = build.cache_to = build.fetches_layers = build.hosted = true;
  for (const auto* key : {"dockerCommand", "preDeployCommand", "initialDeployHook"})
    add_command(service, key, path, build);
  add_variables(service["envVars"], build);
  result.builds.push_back(std::move(build));
}

// https://devcenter.heroku.com/articles/build-docker-images-heroku-yml: the context is the Dockerfile's directory. It
// builds without BuildKit, on a new machine each time (seen in https://github.com/ONSdigital/dis-wagtail/pull/12).
void read_heroku(const YAML::Node& root, const std::string& path, Builds& result) {
  const auto section = root["build"];
  const auto images = section && section.IsMap() ? section["docker"] : YAML::Node(YAML::NodeType::Undefined);
  if (!images || !images.IsMap()) return;
  const auto arguments = argument_names(section["config"]);
  std::map<std::string, Build> builds;
  for (const auto& image : images) {
    const auto dockerfile = scalar_of(image.second);
    if (dockerfile.empty() || is_elsewhere(dockerfile) || builds.size() == most_builds) continue;
    const auto name = scalar_of(image.first);
    const auto place = below(directory_of(path), dockerfile);
    auto build = local_build(name, ".", std::string(path_basename(place)), directory_of(place), line_of(image.first));
    build.cache_from = build.cache_to = build.hosted = true;
    build.refuses_mounts = "has Heroku build it, which knows no mounts";
    for (const auto& argument : arguments) YamlBudget::keep(2 * argument.size());
    build.arguments = build.environment = arguments;
    builds.emplace(name, std::move(build));
  }
  // Of one process, in the image that it names or is called as; without one, in that for the web.
  const auto add = [&](const std::string& process, const YAML::Node& value) {
    const bool detailed = value.IsMap();
    const auto named = detailed ? scalar_of(value["image"]) : std::string();
    auto found = builds.find(named.empty() ? process : named);
    if (found == builds.end()) found = builds.find("web");
    if (found == builds.end()) found = builds.begin();
    const auto command = detailed ? value["command"] : value;
    if (found == builds.end() || !command) return;
    if (command.IsScalar()) add_start(command.Scalar(), place_of(path, command), found->second);
    if (!command.IsSequence()) return;
    for (const auto& line : command) add_start(scalar_of(line), place_of(path, line), found->second);
  };
  if (const auto processes = root["run"]; processes && processes.IsMap())
    for (const auto& process : processes) add(scalar_of(process.first), process.second);
  if (const auto release = root["release"]; release && release.IsMap()) add("release", release);
  for (auto& [name, build] : builds) result.builds.push_back(std::move(build));
}

// https://caprover.com/docs/captain-definition-file.html: it builds through Docker's API, without BuildKit
// (https://github.com/caprover/caprover/issues/2012).
void read_captain(const YAML::Node& root, const std::string& path, Builds& result) {
  const auto dockerfile = scalar_of(root["dockerfilePath"]);
  if (dockerfile.empty() || is_elsewhere(dockerfile)) return;
  auto build = named_build({}, ".", dockerfile, directory_of(path), line_of(root));
  build.refuses_mounts = "has CapRover build it, which knows no mounts";
  result.named.push_back(std::move(build));
}

// It builds with Kaniko, say slides of 2020 on how it works; its manual names no builder.
constexpr std::string_view app_platform_refusal =
    "has DigitalOcean's App Platform build it, with Kaniko, which ignores mounts";

// https://docs.digitalocean.com/products/app-platform/reference/app-spec/
void read_digitalocean(const YAML::Node& root, const std::string& path, Builds& result) {
  const auto nested = root["spec"];
  const YAML::Node& spec = nested && nested.IsMap() ? nested : root;
  const auto project = joined_path(directory_of(path), "..");
  for (const auto* kind : {"services", "workers", "jobs"}) {
    const auto components = spec[kind];
    if (!components || !components.IsSequence()) continue;
    for (const auto& component : components) {
      if (!component.IsMap() || component["image"] || result.named.size() >= most_builds) continue;
      const auto source = below(project, scalar_of(component["source_dir"]));
      const auto dockerfile = scalar_of(component["dockerfile_path"]);
      auto build = local_build(scalar_of(component["name"]), ".", "Dockerfile", source, line_of(component));
      if (!dockerfile.empty()) build.dockerfile = below(project, dockerfile);
      build.refuses_mounts = app_platform_refusal;
      add_command(component, "run_command", path, build);
      add_variables(component["envs"], build);
      result.named.push_back(std::move(build));
    }
  }
}

// The same in a file of another name, in a template of one, or as Terraform writes it: `dockerfile_path: Dockerfile`,
// from the root of the repository.
void read_app_spec(const std::string& path, std::string_view text, Builds& result) {
  constexpr std::string_view key = "dockerfile_path";
  std::size_t number = 0;
  for (const auto line : split_lines(text)) {
    ++number;
    auto rest = trim_unicode(line);
    if (rest.starts_with("- ")) rest = trim_unicode(rest.substr(2));
    if (!rest.starts_with(key)) continue;
    rest = trim_unicode(rest.substr(key.size()));
    if (!rest.starts_with(':') && !rest.starts_with('=')) continue;
    std::string dockerfile(unquoted(trim_unicode(rest.substr(1))));
    if (dockerfile.starts_with('/')) dockerfile.erase(0, 1);
    if (dockerfile.empty() || is_elsewhere(dockerfile)) continue;
    auto build = local_build({}, ".", dockerfile, ".", number);
    build.refuses_mounts = app_platform_refusal;
    add_named_anywhere(build, path, result);
  }
}

// https://learn.microsoft.com/azure/developer/azure-developer-cli/azd-schema: paths are those of the service's
// directory. Without `remoteBuild` the Docker of whoever deploys builds it.
void read_azure_services(const YAML::Node& services, const std::string& path, Builds& result) {
  if (!services || !services.IsMap()) return;
  for (const auto& service : services) {
    const auto docker = service.second.IsMap() ? service.second["docker"] : YAML::Node(YAML::NodeType::Undefined);
    if (!docker || !docker.IsMap() || scalar_of(docker["remoteBuild"]) != "true") continue;
    const auto project = below(directory_of(path), scalar_of(service.second["project"]));
    const auto context = scalar_of(docker["context"]), dockerfile = scalar_of(docker["path"]);
    auto build = named_build({}, context.empty() ? "." : context, dockerfile.empty() ? "Dockerfile" : dockerfile,
                             project, line_of(service.second));
    build.refuses_mounts = azure_refusal;
    if (result.named.size() < most_builds) result.named.push_back(std::move(build));
  }
}

// https://learn.microsoft.com/azure/container-registry/container-registry-tasks-reference-yaml: `build: -t x .`
void read_azure_task(const YAML::Node& root, const std::string& path, Builds& result) {
  const auto steps = root["steps"];
  if (!steps || !steps.IsSequence()) return;
  for (const auto& step : steps) {
    const auto build = step.IsMap() ? scalar_of(step["build"]) : std::string();
    if (build.find("-t ") == build.npos && build.find("--tag ") == build.npos) continue;
    Builds found;
    read_docker_commands({"docker build " + build, ".", ".", path, line_of(step), true}, {}, found);
    for (auto& each : found.builds) {
      each.by_docker = false;
      each.line = line_of(step);
      each.refuses_mounts = azure_refusal;
      add_named_anywhere(each, path, result);
    }
  }
}

}  // namespace

void mark_builds_by_services(const std::string& path, const std::string& text, Builds& result) {
  const auto has = [&](std::string_view word) { return text.find(word) != text.npos; };
  // Koyeb's files are much the same, and templates of pipelines have jobs too.
  const bool app = has("services:") || has("workers:") || has("static_sites:") || has("\"digitalocean_app\"") ||
                   (has("jobs:") && has("instance_"));
  if (app && has("dockerfile_path") && !has("koyeb") && path.find("koyeb") == path.npos)
    read_app_spec(path, text, result);
  if (!path.ends_with(".yaml") && !path.ends_with(".yml")) return;
  const bool services = has("remoteBuild"), task = has("build:") && has("steps:") && !has("DOCKER_BUILDKIT=1"),
             engine = has("runtime:") && has("custom");
  if (!services && !task && !engine) return;
  read_yaml_text(path, text, [&](const YAML::Node& root) {
    if (!root.IsMap()) return;
    if (services) read_azure_services(root["services"], path, result);
    if (task) read_azure_task(root, path, result);
    // https://docs.cloud.google.com/appengine/docs/flexible/custom-runtimes/build: the Dockerfile beside it.
    if (!engine || scalar_of(root["runtime"]) != "custom" || result.named.size() >= most_builds) return;
    auto build = submitted_build({}, ".", directory_of(path), line_of(root["runtime"]));
    result.named.push_back(std::move(build));
  });
}

bool is_hosting_file(const std::string& path) {
  const auto name = path_basename(path);
  const bool yaml = name.ends_with(".yaml") || name.ends_with(".yml");
  return name == "captain-definition" || name == "render.yaml" || name == "render.yml" || name == "heroku.yml" ||
         (yaml && path_basename(path_parent(path)) == ".do");
}

Builds read_hosting_file(const std::string& path) {
  Builds result;
  result.error = read_yaml(path, [&](const YAML::Node& root) {
    if (!root.IsMap()) return;
    const auto name = path_basename(path);
    if (name == "heroku.yml") return read_heroku(root, path, result);
    if (name == "captain-definition") return read_captain(root, path, result);
    if (!name.starts_with("render.")) return read_digitalocean(root, path, result);
    const auto services = root["services"];
    for (std::size_t i = 0; services && services.IsSequence() && i < services.size() && i < most_builds; ++i)
      if (services[i].IsMap()) read_render(services[i], path, result);
  });
  return result;
}

}  // namespace dockhew::cli
