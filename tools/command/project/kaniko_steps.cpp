#include "project/kaniko_steps.hpp"

#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "project/image_runs.hpp"
#include "project/kaniko_commands.hpp"
#include "project/repository_builds.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"
#include "yaml_reader.hpp"

namespace dockhew::cli {
namespace {

constexpr int deepest = 16;

// `gcr.io/kaniko-project/executor:debug`, `plugins/kaniko-ecr`, `woodpeckerci/plugin-kaniko`; not what only fills its
// cache.
bool is_kaniko_name(std::string_view name) {
  return name.find("kaniko") != name.npos && name.find("warmer") == name.npos;
}

std::string first_of(const YAML::Node& map, std::initializer_list<const char*> keys, const char* otherwise) {
  for (const auto* key : keys)
    if (const auto value = map && map.IsMap() ? scalar_of(map[key]) : std::string(); !value.empty()) return value;
  return otherwise;
}

class KanikoSteps {
 public:
  KanikoSteps(const std::string& path, Builds& result) : path_(path), result_(result) {}

  void read(const YAML::Node& node, int depth) {
    if (depth == 0) return;
    if (node.IsSequence())
      for (const auto& each : node) read(each, depth - 1);
    if (!node.IsMap()) return;
    read_step(node);
    for (const auto& entry : node) read(entry.second, depth - 1);
  }

 private:
  void read_step(const YAML::Node& step) {
    const auto image = scalar_of(step["image"]), name = scalar_of(step["name"]), uses = scalar_of(step["uses"]);
    // A step of Cloud Build has its image as its name.
    const bool contained = is_kaniko_name(image) || (is_kaniko_name(name) && name.find('/') != name.npos);
    // https://github.com/int128/kaniko-action, https://github.com/aevea/action-kaniko
    if (is_kaniko_name(uses))
      add(first_of(step["with"], {"context", "path"}, "."),
          first_of(step["with"], {"file", "build_file", "dockerfile"}, ""), step);
    // https://plugins.drone.io/plugins/kaniko
    else if (contained && step["settings"])
      add(first_of(step["settings"], {"context"}, "."), first_of(step["settings"], {"dockerfile"}, ""), step);
    else if (contained && (step["args"] || step["command"])) add_container(step);
    // https://skaffold.dev/docs/builders/builder-types/docker/#dockerfile-in-cluster-with-kaniko: the Dockerfile is
    // relative to the context.
    else if (const auto artifact = step["kaniko"]; artifact && !image.empty()) {
      const auto context = first_of(step, {"context"}, ".");
      add(context, joined_path(context, first_of(artifact, {"dockerfile"}, "Dockerfile")), step);
    }
  }

  void add_container(const YAML::Node& step) {
    const auto command = shell_words(step["command"]), arguments = shell_words(step["args"]);
    Builds found;
    const auto own = command.empty() ? "/kaniko/executor" : command;
    read_docker_commands({own + ' ' + arguments, ".", ".", path_, line_of(step), true}, {}, found);
    for (auto& build : found.builds) build.line = line_of(step), place(std::move(build));
    // One that waits for other commands, as in the pods of Jenkins.
    if (found.builds.empty()) add_unplaced(line_of(step));
  }

  // Paths from the root of the repository, or from beside the file. Without a Dockerfile it is that of the context.
  void add(const std::string& context, const std::string& dockerfile, const YAML::Node& step) {
    if (is_elsewhere(context) || is_elsewhere(dockerfile)) return add_unplaced(line_of(step));
    auto build = local_build({}, context, "Dockerfile", ".", line_of(step));
    if (!dockerfile.empty()) build.dockerfile = joined_path(".", dockerfile);
    place(std::move(build));
  }

  void place(Build build) {
    build.refuses_mounts = kaniko_refusal;
    build.program = "kaniko";
    if (add_named_anywhere(build, path_, result_)) return;
    // It looks in the context too.
    build.dockerfile = joined_path(build.context, build.dockerfile);
    if (!add_named_anywhere(build, path_, result_)) add_unplaced(build.line);
  }

  void add_unplaced(std::size_t line) {
    result_.unplaced.push_back({path_ + ':' + std::to_string(line), false, true, std::string(kaniko_refusal)});
  }

  const std::string& path_;
  Builds& result_;
};

bool has_kaniko(const Builds& result) {
  const auto refuses = [](const auto& each) { return each.refuses_mounts == kaniko_refusal; };
  return std::ranges::any_of(result.builds, refuses) || std::ranges::any_of(result.named, refuses) ||
         std::ranges::any_of(result.unplaced, refuses);
}

// `image: …/kaniko:debug`, `component: …/kaniko/build@1`, `taskRef: {name: kaniko}`, `kaniko: {}`, a script's call.
bool names_kaniko(std::string_view line) {
  line = trim_unicode(line.substr(0, line.find(" #")));
  if (line.starts_with('#') || line.starts_with("//") || !is_kaniko_name(line)) return false;
  constexpr std::string_view signs[] = {"image", "name:", "uses:", "component", "kaniko:", "/kaniko/executor"};
  return std::ranges::any_of(signs, [&](std::string_view sign) { return line.find(sign) != line.npos; });
}

}  // namespace

void mark_builds_by_kaniko(const std::string& path, const std::string& text, Builds& result) {
  if (text.find("kaniko") == text.npos) return;
  const auto name = path_basename(path);
  if (name.ends_with(".yaml") || name.ends_with(".yml"))
    read_yaml_documents(path, text, [&](const YAML::Node& root) { KanikoSteps(path, result).read(root, deepest); });
  if (has_kaniko(result)) return;
  std::size_t number = 0;
  for (const auto line : split_lines(text)) {
    ++number;
    if (!names_kaniko(line)) continue;
    result.unplaced.push_back({path + ':' + std::to_string(number), false, true, std::string(kaniko_refusal)});
    return;
  }
}

}  // namespace dockhew::cli
