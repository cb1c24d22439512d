#include "container_runs.hpp"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <iterator>

#include "docker_commands.hpp"
#include "ecosystems/makefile.hpp"
#include "facts/facts.hpp"
#include "files.hpp"
#include "model/dockerfile.hpp"
#include "text/path.hpp"
#include "text/position.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"
#include "yaml_reader.hpp"

namespace dockhew::cli {
namespace {

constexpr std::size_t most_runs = 100, longest_start = 4096;
constexpr int deepest = 12;  // in YAML

bool is_makefile(std::string_view name) { return name == "Makefile" || name == "makefile" || name == "GNUmakefile"; }
bool is_yaml(std::string_view name) { return name.ends_with(".yaml") || name.ends_with(".yml"); }

std::string directory_of(const std::string& path) {
  const auto directory = std::filesystem::path(path).parent_path().string();
  return directory.empty() ? "." : directory;
}

// Each line of a recipe has a shell of its own, which runs beside the Makefile.
void read_makefile(const std::string& path, std::string_view text, Builds& result) {
  for (auto& [line, number] : all_recipes(text))
    read_docker_commands({std::move(line), ".", directory_of(path), path, number}, "make", result);
}

// Commands of npm scripts run in the directory of their package.json.
void read_package(const std::string& path, Builds& result) {
  read_json_with_comments(path, [&](const YAML::Node& root) {
    if (!root.IsMap() || !root["scripts"] || !root["scripts"].IsMap()) return;
    for (const auto& script : root["scripts"])
      if (script.first.IsScalar() && script.second.IsScalar())
        read_docker_commands({script.second.Scalar(), ".", directory_of(path), path, line_of(script.second)},
                             script.first.Scalar(), result);
  });
}

// Where a script was started from is not known, so only what it runs counts.
void read_script(const std::string& path, std::string text, Builds& result) {
  Builds found;
  read_docker_commands({std::move(text), ".", directory_of(path), path, 1}, "script", found);
  std::ranges::move(found.runs, std::back_inserter(result.runs));
}

std::string text_of(const YAML::Node& node) { return node && node.IsScalar() ? node.Scalar() : std::string(); }

void add_run(const std::string& image, std::string text, const YAML::Node& place, const std::string& path,
             Builds& result) {
  if (image.empty() || text.empty() || result.runs.size() >= most_runs) return;
  if (text.size() > longest_start) text.clear();  // not known
  result.runs.push_back({image_name(image), {}, {std::move(text), path + ':' + std::to_string(line_of(place)), true}});
}

// Lists in lists: GitLab joins them.
void each_line(const YAML::Node& node, int depth, const std::function<void(const YAML::Node&)>& use) {
  if (!node || depth == 0) return;
  if (node.IsScalar()) use(node);
  if (!node.IsSequence()) return;
  for (const auto& each : node) each_line(each, depth - 1, use);
}

// https://docs.gitlab.com/ci/yaml/: each job has scripts, which run in the root of the repository, in an image that it
// or the pipeline names.
void read_pipeline(const std::string& path, Builds& result) {
  read_yaml(path, [&](const YAML::Node& root) {
    if (!root.IsMap()) return;
    const auto image_of = [](const YAML::Node& map) {
      const auto image = merged_value(map, "image");
      return image && image.IsMap() ? text_of(image["name"]) : text_of(image);
    };
    const auto common = image_of(root);
    for (const auto& job : root) {
      if (!job.second.IsMap()) continue;
      const auto own = image_of(job.second);
      for (const auto* key : {"before_script", "script"})
        each_line(merged_value(job.second, key), deepest, [&](const YAML::Node& line) {
          add_run(own.empty() ? common : own, line.Scalar(), line, path, result);
          read_docker_commands({line.Scalar(), ".", directory_of(path), path, line_of(line)}, text_of(job.first),
                               result);
        });
    }
  });
}

// https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/
void read_container(const YAML::Node& container, const std::string& path, Builds& result) {
  if (!container.IsMap()) return;
  const auto image = text_of(container["image"]);
  const auto command = shell_words(container["command"]), arguments = shell_words(container["args"]);
  add_run(image, command + (command.empty() || arguments.empty() ? "" : " ") + arguments, container, path, result);
  for (const auto* probe : {"livenessProbe", "readinessProbe", "startupProbe"})
    if (const auto check = container[probe]; check && check.IsMap() && check["exec"] && check["exec"].IsMap())
      add_run(image, shell_words(check["exec"]["command"]), check, path, result);
}

void read_containers(const YAML::Node& node, int depth, const std::string& path, Builds& result) {
  if (depth == 0) return;
  if (node.IsSequence())
    for (const auto& each : node) read_containers(each, depth - 1, path, result);
  if (!node.IsMap()) return;
  for (const auto& entry : node) {
    const auto key = text_of(entry.first);
    const bool containers = (key == "containers" || key == "initContainers") && entry.second.IsSequence();
    for (std::size_t i = 0; containers && i < entry.second.size(); ++i) read_container(entry.second[i], path, result);
    if (!containers) read_containers(entry.second, depth - 1, path, result);
  }
}

// What is built on the image may need all of it; its RUNs also say what they start.
void read_children(const std::string& path, std::string text, Builds& result) {
  const Dockerfile file(std::move(text), builtin_facts(), {});
  for (const auto& stage : file.stages()) {
    if (stage.parent || stage.from->arguments.empty() || !stage.base.is_known()) continue;
    const auto image = image_name(stage.base.text);
    const auto line = [&](const Instruction& instruction) {
      return path + ':' + std::to_string(LineIndex(file.source()).line(instruction.span.begin));
    };
    if (image.empty() || result.runs.size() + stage.steps.size() >= most_runs) continue;
    result.runs.push_back({image, {}, {"", line(*stage.from), true}, true});
    for (const auto& step : stage.steps)
      if (step.script)
        result.runs.push_back(
            {image, {}, {std::string(step.script->text.view()), line(*step.instruction), true}, true});
  }
}

bool has_any(const std::string& text, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return text.find(word) != text.npos; });
}

}  // namespace

bool is_run_file(const std::string& path) {
  const auto name = path_basename(path);
  return is_makefile(name) || is_dockerfile_name(std::string(name)) || name.ends_with(".sh") ||
         name == "package.json" || (is_yaml(name) && !is_build_file(path));
}

Builds read_run_file(const std::string& path) {
  Builds result;
  const auto name = path_basename(path);
  auto file = read_regular_file(path, largest_companion, Links::refused);
  if (!file.error.empty()) return result;
  if (is_dockerfile_name(std::string(name))) return read_children(path, std::move(file.text), result), result;
  const bool manifest = is_yaml(name) && has_any(file.text, {"containers:", "initContainers:"});
  if (!manifest && !has_any(file.text, {"docker", "podman", "nerdctl", "image:"})) return result;
  if (is_makefile(name)) read_makefile(path, file.text, result);
  else if (name == "package.json") read_package(path, result);
  else if (name == ".gitlab-ci.yml") read_pipeline(path, result);
  else if (manifest)
    read_yaml_documents(path, [&](const YAML::Node& node) { read_containers(node, deepest, path, result); });
  else if (!is_yaml(name)) read_script(path, std::move(file.text), result);
  return result;
}

}  // namespace dockhew::cli
