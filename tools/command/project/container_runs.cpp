#include "project/container_runs.hpp"

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <set>

#include "facts/facts.hpp"
#include "files.hpp"
#include "model/dockerfile.hpp"
#include "project/ansible_file.hpp"
#include "project/compose_file.hpp"
#include "project/deployed_images.hpp"
#include "project/docker_commands.hpp"
#include "project/hosting_file.hpp"
#include "project/image_runs.hpp"
#include "project/jenkins_file.hpp"
#include "project/kaniko_steps.hpp"
#include "project/kubernetes_file.hpp"
#include "project/pipeline_file.hpp"
#include "project/railway.hpp"
#include "project/task_files.hpp"
#include "project/task_templates.hpp"
#include "text/path.hpp"
#include "text/position.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"
#include "yaml_reader.hpp"

namespace dockhew::cli {
namespace {

constexpr std::size_t most_runs = 100;

bool is_yaml(std::string_view name) { return name.ends_with(".yaml") || name.ends_with(".yml"); }

// `app.yaml.tmpl`
bool is_yaml_template(std::string_view name) {
  return name.ends_with(".tmpl") && (name.find(".yaml.") != name.npos || name.find(".yml.") != name.npos);
}

// Whether a Dockerfile may be built on something else than the images of the tables, which no project makes. Every
// other Dockerfile of a project is asked this, and to read it takes a thousand times as long.
bool may_have_other_base(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  std::set<std::string, std::less<>> stages = {"scratch"};
  for (const auto line : split_lines(text)) {
    const auto words = split_words(line.substr(0, 1000));
    if (words.empty()) continue;
    constexpr std::string_view from = "--from=";
    if (words.size() > 1 && words[1].starts_with(from) &&
        !stages.contains(to_lower_ascii(words[1].substr(from.size()))))
      return true;
    if (!equals_ignoring_case(words[0], "FROM")) continue;
    const auto base =
        std::ranges::find_if(words.begin() + 1, words.end(), [](auto word) { return !word.starts_with("--"); });
    if (base == words.end() || base->find_first_of("$\\`") != base->npos) return true;
    const auto name = trim_unicode(*base);
    if (!stages.contains(to_lower_ascii(name)) && !builtin_facts().image(parse_image_reference(name))) return true;
    if (words.end() - base > 2) stages.insert(to_lower_ascii(trim_unicode(base[2])));
  }
  return false;
}

// What a COPY of another project's image takes may be anything in it.
void read_copies(const Stage& stage, const std::function<std::string(const Instruction&)>& place, Builds& result) {
  for (const auto& step : stage.steps) {
    if (!step.copy || step.copy->from.empty() || step.copy->stage || result.runs.size() >= most_runs) continue;
    if (const auto image = image_name(step.copy->from);
        !image.empty() && !builtin_facts().image(parse_image_reference(step.copy->from)))
      result.runs.push_back({image, {}, {"", place(*step.instruction), true}, true});
  }
}

// What is built on the image may need all of it; its RUNs also say what they start.
void read_children(const std::string& path, std::string text, Builds& result) {
  if (!may_have_other_base(text)) return;
  const Dockerfile file(std::move(text), builtin_facts(), {});
  const auto line = [&](const Instruction& instruction) {
    return path + ':' + std::to_string(LineIndex(file.source()).line(instruction.span.begin));
  };
  for (const auto& stage : file.stages()) {
    read_copies(stage, line, result);
    if (stage.parent || stage.from->arguments.empty() || !stage.base.is_known()) continue;
    const auto image = image_name(stage.base.text);
    if (image.empty() || result.runs.size() + stage.steps.size() >= most_runs) continue;
    result.runs.push_back({image, {}, {"", line(*stage.from), true}, true});
    for (const auto& step : stage.steps)
      if (step.script)
        result.runs.push_back(
            {image, {}, {std::string(step.script->text.view()), line(*step.instruction), true}, true});
  }
}

// Action of GitHub that runs in a container of the Dockerfile beside it.
// https://docs.github.com/actions/reference/workflows-and-actions/metadata-syntax#runs-for-docker-container-actions
void read_action(const std::string& path, const std::string& text, Builds& result) {
  read_yaml_text(path, text, [&](const YAML::Node& root) {
    const auto runs = root.IsMap() ? root["runs"] : YAML::Node(YAML::NodeType::Undefined);
    if (!runs || !runs.IsMap() || scalar_of(runs["using"]) != "docker") return;
    auto build = named_build({}, ".", scalar_of(runs["image"]), directory_of(path), line_of(runs));
    for (const auto* key : {"pre-entrypoint", "entrypoint", "post-entrypoint"})
      if (const auto command = runs[key]) add_start(scalar_of(command), place_of(path, command), build);
    result.named.push_back(std::move(build));
  });
}

// https://github.com/bibendi/dip: `interaction` names commands of services; they may have commands below.
void read_dip(const YAML::Node& interactions, const std::string& service, const std::string& path, int depth,
              Builds& result) {
  if (depth == 0 || !interactions || !interactions.IsMap()) return;
  for (const auto& each : interactions) {
    const auto& node = each.second;
    if (!node.IsMap()) continue;
    const auto own = scalar_of(node["service"]).empty() ? service : scalar_of(node["service"]);
    const auto command = command_line_of(node["command"]);
    if (!own.empty() && !command.empty()) add_run({{}, own, {command, place_of(path, node), true}}, result);
    read_dip(node["subcommands"], own, path, depth - 1, result);
  }
}

// Any other YAML: a Compose file with a name of its own, or manifests.
void read_other_yaml(const std::string& path, const std::string& text, ComposeDirectories& known, Builds& result) {
  bool compose = false;
  if (text.find("services:") != text.npos)
    read_yaml_text(path, text, [&](const YAML::Node& root) { compose = has_compose_services(root); });
  if (compose) result = read_compose_file(path, &known);
  else if (has_containers(text)) result = read_kubernetes_file(path, text);
}

bool has_any(const std::string& text, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return text.find(word) != text.npos; });
}

}  // namespace

bool is_run_file(const std::string& path) {
  const auto name = path_basename(path);
  return is_dockerfile_name(std::string(name)) || is_task_file(path) || is_jenkinsfile(path) ||
         is_deployed_images_file(path) || is_task_template(name) || is_railway_settings(name) ||
         (is_yaml(name) && !is_build_file(path)) || is_yaml_template(name) ||
         (name.ends_with(".json") && name.find("build") != name.npos);
}

Builds read_run_file(const std::string& path, ComposeDirectories& known) {
  Builds result;
  const auto name = path_basename(path);
  auto file = read_regular_file(path, largest_companion, Links::refused);
  if (!file.error.empty()) return result;
  if (is_dockerfile_name(std::string(name))) return read_children(path, std::move(file.text), result), result;
  if (is_railway_settings(name)) return read_railway_settings(path, file.text);
  const bool docker =
      has_any(file.text, {"buildah", "docker", "podman", "nerdctl", "kamal", "gcloud", "kaniko", "az acr"});
  const auto marked = [&](Builds builds) {
    mark_builds_without_buildkit(path, file.text, builds);
    mark_builds_on_railway(path, file.text, builds);
    if (!is_task_file(path)) mark_builds_by_kaniko(path, file.text, builds);
    return builds;
  };
  if (is_jenkinsfile(path)) return docker ? marked(read_jenkinsfile(path, file.text)) : result;
  if (is_task_file(path)) return marked(docker ? read_task_file(path, file.text) : result);
  if (is_deployed_images_file(path)) {
    result = read_deployed_images(path, file.text);
    mark_builds_by_kaniko(path, file.text, result);
    return result;
  }
  if (is_task_template(name) || has_task_definition(file.text)) {
    result = read_task_template(path, file.text);
    mark_builds_by_services(path, file.text, result);
    return result;
  }
  if (is_yaml_template(name)) return mark_builds_by_services(path, file.text, result), result;
  if (name == "dip.yml" || name == "dip.yaml") {
    constexpr int deepest = 4;
    read_yaml_text(path, file.text, [&](const YAML::Node& root) {
      if (root.IsMap()) read_dip(root["interaction"], {}, path, deepest, result);
    });
    return result;
  }
  if (name == "action.yml" || name == "action.yaml") return read_action(path, file.text, result), result;
  if (is_pipeline_file(path) || builds_in_cloud(file.text))
    return docker || has_any(file.text, {"image:", "name:", ".sh"}) ? marked(read_pipeline_file(path, file.text))
                                                                    : result;
  if (name.ends_with(".json")) return result;
  read_other_yaml(path, file.text, known, result);
  mark_builds_by_kaniko(path, file.text, result);
  mark_builds_by_services(path, file.text, result);
  mark_builds_by_ansible(path, file.text, result);
  return result;
}

}  // namespace dockhew::cli
