#include "project/deployed_images.hpp"

#include <algorithm>
#include <filesystem>

#include "project/image_runs.hpp"
#include "project/repository_builds.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"
#include "yaml_reader.hpp"

namespace dockhew::cli {
namespace {

constexpr std::size_t most_blocks = 100;  // that are read, of a file

bool is_yaml(std::string_view name) { return name.ends_with(".yaml") || name.ends_with(".yml"); }

std::string_view parent_name(const std::string& path) { return path_basename(path_parent(path)); }

bool is_kamal(const std::string& path) {
  const auto name = path_basename(path);
  return parent_name(path) == "config" && is_yaml(name) && (name.starts_with("deploy.") || name.starts_with("deploy-"));
}
bool is_fly(std::string_view name) { return name.starts_with("fly.") && name.ends_with(".toml"); }
bool is_skaffold(std::string_view name) { return name.starts_with("skaffold") && is_yaml(name); }
bool is_nomad(std::string_view name) { return name.find(".nomad") != name.npos || name.ends_with(".hcl"); }
bool is_copilot(const std::string& path) {
  return path_basename(path) == "manifest.yml" && parent_name(std::string(path_parent(path))) == "copilot";
}
// `task-definition.json`, `taskdef.json`, `Dockerrun.aws.json`
bool is_ecs(std::string_view name) {
  const auto lower = to_lower_ascii(name);
  return lower.ends_with(".json") && (lower.find("task") != lower.npos || lower.find("container") != lower.npos ||
                                      lower.find("ecs") != lower.npos || lower == "dockerrun.aws.json");
}

std::string joined(const std::string& words, const std::string& more) {
  return words + (words.empty() || more.empty() ? "" : " ") + more;
}

// `["CMD-SHELL", "curl -f localhost"]`, `["CMD", "curl", "-f", "localhost"]`
std::string check_of(const YAML::Node& check) {
  const auto command = check && check.IsMap() ? check["command"] : YAML::Node(YAML::NodeType::Undefined);
  if (!command || !command.IsSequence() || command.size() < 2) return scalar_of(command);
  const auto kind = scalar_of(command[0]);
  if (kind == "CMD-SHELL") return scalar_of(command[1]);
  return shell_words(command, kind == "CMD" ? 1 : 0);
}

// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
void read_container_definition(const YAML::Node& container, const std::string& path, Builds& result) {
  if (!container.IsMap()) return;
  const auto image = scalar_of(container["image"]), name = scalar_of(container["name"]);
  const auto add = [&](std::string text) {
    if (text.empty()) return;
    const ContainerStart start{std::move(text), place_of(path, container), true};
    if (is_filled_in(image)) add_run({{}, name, start, false, true}, result);
    else add_run({image, {}, start}, result);
  };
  add(joined(shell_words(container["entryPoint"]), shell_words(container["command"])));
  add(check_of(container["healthCheck"]));
}

void read_ecs(const YAML::Node& root, const std::string& path, Builds& result) {
  read_entries(root, [&](const std::string& key, const YAML::Node& value) {
    if (key != "containerDefinitions" || !value.IsSequence()) return false;
    for (const auto& container : value) read_container_definition(container, path, result);
    return true;
  });
}

// https://kamal-deploy.org/docs/configuration/: roles of servers may have a command, accessories an image as well. It
// builds the Dockerfile of the project.
void read_kamal(const YAML::Node& root, const std::string& path, Builds& result) {
  const auto image = scalar_of(root["image"]);
  const auto builder = root["builder"];
  const auto project = joined_path(directory_of(path), "..");
  const bool told = builder && builder.IsMap();
  const auto value = [&](const char* key) { return told ? scalar_of(builder[key]) : std::string(); };
  const auto context = value("context");
  auto build = named_build(image, context.empty() ? "." : context, value("dockerfile"), project, line_of(root));
  if (build.context.empty()) build.dockerfile.clear();
  build.program = "docker";
  build.target = value("target");
  if (told) build.arguments = argument_names(builder["args"]);
  build.cache_from = build.cache_to = true;  // it has a setting of its own
  const auto servers = root["servers"];
  if (servers && servers.IsMap())
    for (const auto& role : servers)
      if (role.second.IsMap())
        if (const auto command = role.second["cmd"]) add_start(scalar_of(command), place_of(path, command), build);
  if (const auto check = root["healthcheck"]; check && check.IsMap() && check["cmd"])
    add_start(scalar_of(check["cmd"]), place_of(path, check["cmd"]), build);
  const bool by_dockerfile = !told || !builder["pack"];
  (by_dockerfile ? result.builds : result.named).push_back(std::move(build));
  const auto accessories = root["accessories"];
  if (!accessories || !accessories.IsMap()) return;
  for (const auto& accessory : accessories)
    if (accessory.second.IsMap())
      add_run(scalar_of(accessory.second["image"]), scalar_of(accessory.second["cmd"]),
              place_of(path, accessory.second), result);
}

// https://fly.io/docs/reference/configuration/#the-build-section: with the directory where it is called, which is that
// of the file, if that is the project's. Where the file names no Dockerfile, another may be named on the command line.
void read_fly(const std::string& path, std::string_view text, Builds& result) {
  std::string dockerfile = "Dockerfile";
  std::size_t number = 0, line_of_file = 1;
  bool section = false, named = false;
  for (const auto line : split_lines(text)) {
    ++number;
    const auto entry = trim_unicode(line);
    if (entry.starts_with('[')) section = entry == "[build]";
    const auto equals = entry.find('=');
    if (!section || equals == entry.npos) continue;
    const auto key = trim_unicode(entry.substr(0, equals));
    if (key == "image" || key == "builder" || key == "builtin") return;
    if (key != "dockerfile") continue;
    dockerfile = unquoted(trim_unicode(entry.substr(equals + 1)));
    line_of_file = number;
    named = true;
  }
  const auto directory = directory_of(path);
  auto build = named_build({}, ".", dockerfile, directory, line_of_file);
  build.program = "docker";
  build.cache_from = build.cache_to = true;
  std::error_code error;
  if (!std::filesystem::is_regular_file(build.dockerfile, error)) return;
  const bool certain = named && surroundings_of(path).directories.size() == 1;
  (certain ? result.builds : result.named).push_back(std::move(build));
}

// https://skaffold.dev/docs/references/yaml/: `sync` changes files of a running container.
void read_artifact(const YAML::Node& artifact, const std::string& path, Builds& result) {
  if (!artifact.IsMap() || result.named.size() >= most_builds) return;
  const auto docker = artifact["docker"];
  auto context = scalar_of(artifact["context"]);
  if (context.empty()) context = ".";
  const auto dockerfile = docker && docker.IsMap() ? scalar_of(docker["dockerfile"]) : std::string();
  auto build = named_build(scalar_of(artifact["image"]), context,
                           dockerfile.empty() ? dockerfile : joined_path(context, dockerfile), directory_of(path),
                           line_of(artifact));
  if (const auto sync = artifact["sync"]; sync && sync.IsMap())
    build.starts.push_back({{}, place_of(path, sync), true});
  result.named.push_back(std::move(build));
}

void read_skaffold(const YAML::Node& root, const std::string& path, Builds& result) {
  read_entries(root, [&](const std::string& key, const YAML::Node& value) {
    if (key != "artifacts" || !value.IsSequence()) return false;
    for (const auto& artifact : value) read_artifact(artifact, path, result);
    return true;
  });
}

// https://aws.github.io/copilot-cli/docs/manifest/overview/
void read_copilot(const YAML::Node& root, const std::string& path, Builds& result) {
  const auto image = root["image"];
  const auto from = image && image.IsMap() ? image["build"] : YAML::Node(YAML::NodeType::Undefined);
  const auto dockerfile = from && from.IsMap() ? scalar_of(from["dockerfile"]) : scalar_of(from);
  if (dockerfile.empty()) return;
  auto build = named_build({}, ".", dockerfile, joined_path(directory_of(path), "../.."), line_of(from));
  add_start(joined(command_line_of(root["entrypoint"]), command_line_of(root["command"])), place_of(path, root), build);
  add_start(check_of(image["healthcheck"]), place_of(path, image), build);
  result.named.push_back(std::move(build));
}

std::size_t lines_before(std::string_view text, std::size_t end) {
  return 1 + static_cast<std::size_t>(std::ranges::count(text.substr(0, end), '\n'));
}

// The texts in double or single quotes that stand at the beginning of a list, or alone; others are not read.
std::vector<std::string> texts_at(std::string_view text) {
  constexpr std::size_t most = 50;
  std::vector<std::string> texts;
  text = trim_unicode(text.substr(0, 4096));
  const bool list = text.starts_with('[');
  if (list) text.remove_prefix(1);
  while (texts.size() < most) {
    text = trim_left_unicode(text);
    while (text.starts_with(',') || text.starts_with('\n')) text = trim_left_unicode(text.substr(1));
    if (text.empty() || (text[0] != '"' && text[0] != '\'')) break;
    const auto end = text.find(text[0], 1);
    if (end == text.npos) break;
    texts.emplace_back(text.substr(1, end - 1));
    text.remove_prefix(end + 1);
    if (!list) break;
  }
  return texts;
}

// The values of a key of a block of HCL: `command = "sh"`, `args = ["-c", "…"]`.
std::vector<std::string> values_of(std::string_view block, std::string_view key) {
  for (auto at = block.find(key); at != block.npos; at = block.find(key, at + 1)) {
    const bool begins = at == 0 || block[at - 1] == ' ' || block[at - 1] == '\t' || block[at - 1] == '\n';
    const auto rest = trim_left_unicode(block.substr(at + key.size()));
    if (begins && rest.starts_with('=')) return texts_at(rest.substr(1));
  }
  return {};
}

// https://developer.hashicorp.com/nomad/docs/drivers/docker: `config { image = "…" command = "…" args = […] }`
void read_nomad(const std::string& path, std::string_view text, Builds& result) {
  constexpr std::string_view beginning = "config {";
  std::size_t count = 0;
  for (auto at = text.find(beginning); at != text.npos; at = text.find(beginning, at + 1)) {
    if (++count > most_blocks) return;
    const auto end = std::min(text.find("\n}", at), text.find(beginning, at + 1));
    const auto block = text.substr(at, end == text.npos ? end : end - at);
    const auto images = values_of(block, "image");
    if (images.empty()) continue;
    std::string command;
    for (const auto* key : {"entrypoint", "command", "args"})
      for (const auto& word : values_of(block, key)) command = joined(command, quoted_for_shell(word));
    add_run(images.front(), command, path + ':' + std::to_string(lines_before(text, at)), result);
  }
}

// https://docs.tilt.dev/api.html#api.docker_build: what `live_update` changes and runs in a container needs what is
// there.
void read_tilt(const std::string& path, std::string_view text, Builds& result) {
  constexpr std::string_view beginning = "docker_build";
  constexpr std::size_t longest = 16384;
  std::size_t count = 0;
  for (auto at = text.find(beginning); at != text.npos; at = text.find(beginning, at + 1)) {
    const auto open = text.find('(', at);
    if (open == text.npos || ++count > most_blocks) return;
    std::size_t end = open + 1;
    for (int depth = 1; end < text.size() && end < open + longest && depth > 0; ++end)
      depth += text[end] == '(' ? 1 : text[end] == ')' ? -1 : 0;
    const auto call = text.substr(open + 1, end - open - 1);
    const auto image = texts_at(call);
    const auto comma = call.find(',');
    const auto context = comma == call.npos ? image : texts_at(call.substr(comma + 1));
    if (image.empty()) continue;
    const auto file = values_of(call, "dockerfile");
    const auto line = lines_before(text, at);
    auto build = named_build(image.front(), context.empty() ? "." : context.front(), file.empty() ? "" : file.front(),
                             directory_of(path), line);
    const auto has = [&](std::string_view name) { return call.find(name) != call.npos; };
    if (has("live_update") || has("entrypoint") || has("container_args"))
      build.starts.push_back({{}, path + ':' + std::to_string(line), true});
    result.named.push_back(std::move(build));
  }
}

}  // namespace

bool is_deployed_images_file(const std::string& path) {
  const auto name = path_basename(path);
  return is_kamal(path) || is_copilot(path) || is_skaffold(name) || is_nomad(name) || is_ecs(name) ||
         name == "Tiltfile" || is_fly(name);
}

Builds read_deployed_images(const std::string& path, const std::string& text) {
  Builds result;
  const auto name = path_basename(path);
  if (name == "Tiltfile") read_tilt(path, text, result);
  else if (is_fly(name)) read_fly(path, text, result);
  else if (is_nomad(name)) read_nomad(path, text, result);
  else if (is_ecs(name)) read_json_with_comments(path, [&](const YAML::Node& root) { read_ecs(root, path, result); });
  else
    read_yaml_documents(path, text, [&](const YAML::Node& root) {
      if (!root.IsMap()) return;
      if (is_kamal(path)) read_kamal(root, path, result);
      else if (is_copilot(path)) read_copilot(root, path, result);
      else read_skaffold(root, path, result);
    });
  return result;
}

}  // namespace dockhew::cli
