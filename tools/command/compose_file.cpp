#include "compose_file.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <optional>

#include "docker_commands.hpp"
#include "files.hpp"
#include "text/limits.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"
#include "yaml_reader.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

// One service, with what it says itself.
struct Declared {
  std::string name, image;
  std::size_t line = 0;
  bool builds = false;
  std::optional<std::string> context, dockerfile, target;
  std::set<std::string, std::less<>> platforms;
  bool is_inline = false;
  std::set<std::string, std::less<>> arguments;
  bool cache_from = false, cache_to = false;
  std::vector<ContainerStart> starts;
  std::set<std::string, std::less<>> environment, settings;
  std::vector<std::pair<std::string, std::string>>
      volumes;  // directories here, relative to the file, and in the container
};

// What more of them, or longer ones, would start is not known. Every service of an image starts something in it.
constexpr std::size_t most_starts = 20, longest_start = 4096;

std::optional<std::string> text_at(const YAML::Node& map, const char* key) {
  const auto value = merged_value(map, key);
  return value && value.IsScalar() ? std::optional(value.Scalar()) : std::nullopt;
}

// Compose writes a dollar that is none of its own twice.
std::string without_escapes(std::string_view text) {
  std::string result;
  for (auto at = text.find("$$"); at != text.npos; at = text.find("$$")) {
    result.append(text.substr(0, at + 1));
    text.remove_prefix(at + 2);
  }
  return result.append(text);
}

// Compose splits a text at lines as at blanks, where they are not quoted; to a shell they would be several commands.
std::string on_one_line(std::string text) {
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && quote != '\'') ++i;
    else if (quote != 0) quote = text[i] == quote ? 0 : quote;
    else if (text[i] == '"' || text[i] == '\'') quote = text[i];
    else if (text[i] == '\n') text[i] = ' ';
  }
  while (text.ends_with(' ')) text.pop_back();
  return text;
}

// A command line, or a list of words of which `skipped` are none. Empty where there is none.
std::string command_of(const YAML::Node& node, std::size_t skipped = 0) {
  if (!node || node.IsNull()) return {};
  if (node.IsScalar()) return on_one_line(without_escapes(node.Scalar()));
  return without_escapes(shell_words(node, skipped));
}

// A service, and those of the same file that it extends.
class Service {
 public:
  Service(const YAML::Node& services, const YAML::Node& own) : chain_{own} {
    constexpr std::size_t most_levels = 10;
    while (chain_.size() < most_levels) {
      const auto extends = merged_value(chain_.back(), "extends");
      if (extends && extends.IsMap() && extends["file"]) elsewhere_ = line_of(extends);
      const auto name = extends && extends.IsMap() ? extends["service"] : extends;
      if (elsewhere_ || !name || !name.IsScalar()) return;
      const auto base = services[name.Scalar()];
      if (!base || !base.IsMap()) return;
      chain_.push_back(base);
    }
  }

  YAML::Node value(const char* key) const {
    for (const auto& each : chain_)
      if (const auto found = merged_value(each, key)) return found;
    return YAML::Node(YAML::NodeType::Undefined);
  }
  // The line where one of them says that it extends one of another file, which is not read.
  std::optional<std::size_t> extends_elsewhere() const { return elsewhere_; }

 private:
  std::vector<YAML::Node> chain_;
  std::optional<std::size_t> elsewhere_;
};

// https://docs.docker.com/reference/compose-file/services/
void read_starts(const Service& service, const std::string& path, Declared& declared) {
  const auto add = [&](const YAML::Node& node, std::string text) {
    if (text.empty()) return;
    if (text.size() > longest_start) text.clear();  // not known
    declared.starts.push_back({std::move(text), path + ':' + std::to_string(line_of(node))});
  };
  if (const auto line = service.extends_elsewhere())
    declared.starts.push_back({"", path + ':' + std::to_string(*line)});
  for (const auto* hook : {"post_start", "pre_stop"})
    if (const auto hooks = service.value(hook); hooks && hooks.IsSequence())
      for (const auto& each : hooks)
        if (each.IsMap() && declared.starts.size() <= most_starts) add(each, command_of(each["command"]));
  const auto entrypoint = service.value("entrypoint"), command = service.value("command");
  auto start = command_of(entrypoint);
  if (const auto arguments = command_of(command); !arguments.empty()) start += (start.empty() ? "" : " ") + arguments;
  add(entrypoint ? entrypoint : command, start);
  const auto check = service.value("healthcheck");
  if (!check || !check.IsMap() || !check["test"]) return;
  const auto test = check["test"];
  if (test.IsScalar()) return add(test, without_escapes(test.Scalar()));
  if (!test.IsSequence() || test.size() < 2) return;
  const auto kind = test[0].IsScalar() ? test[0].Scalar() : "";
  if (kind == "CMD") add(test, command_of(test, 1));
  if (kind == "CMD-SHELL" && test[1].IsScalar()) add(test, without_escapes(test[1].Scalar()));
}

// Texts that may name a place in the container. Of a service nobody writes more of them, nor longer ones.
void add_settings(const YAML::Node& node, Declared& declared) {
  constexpr std::size_t most_settings = 200, longest_setting = 1000;
  if (!node || declared.settings.size() >= most_settings) return;
  if (node.IsMap())
    for (const auto& each : node) add_settings(each.second, declared);
  if (node.IsSequence())
    for (const auto& each : node) add_settings(each, declared);
  if (node.IsScalar() && node.Scalar().find('/') != std::string::npos)
    declared.settings.insert(node.Scalar().substr(0, longest_setting));
}

// Names of variables, also those in the files that a service names, relative to the directory.
void read_environment(const Service& service, const std::string& directory, Declared& declared) {
  declared.environment = argument_names(service.value("environment"));
  const auto add = [&](const YAML::Node& file) {
    const auto path = file.IsMap() ? file["path"] : file;
    if (!path || !path.IsScalar() || is_elsewhere(path.Scalar())) return;
    const auto read = read_regular_file(joined_path(directory, path.Scalar()), largest_companion, Links::refused);
    if (!read.error.empty()) return;
    declared.environment.merge(argument_names(YAML::Node(read.text)));
    for (const auto line : split_lines(read.text)) add_settings(YAML::Node(std::string(line)), declared);
  };
  const auto files = service.value("env_file");
  if (files && files.IsSequence())
    for (const auto& file : files) add(file);
  else if (files) add(files);
}

// Directories of the project that the container gets: `./api:/app:ro`, `{type: bind, source: ./api, target: /app}`.
void read_volumes(const Service& service, Declared& declared) {
  constexpr std::size_t most_volumes = 100;
  const auto volumes = service.value("volumes");
  if (!volumes || !volumes.IsSequence()) return;
  for (const auto& volume : volumes) {
    if (declared.volumes.size() == most_volumes) return;
    std::string source, target;
    if (volume.IsMap() && text_at(volume, "type") == "bind") {
      source = text_at(volume, "source").value_or("");
      target = text_at(volume, "target").value_or("");
    } else if (volume.IsScalar()) {
      const auto& text = volume.Scalar();
      const auto colon = text.find(':');
      if (colon == text.npos) continue;
      source = text.substr(0, colon);
      target = text.substr(colon + 1, text.find(':', colon + 1) - colon - 1);
    }
    for (const auto* here : {"${PWD}", "$PWD"})
      if (source.starts_with(here)) source.replace(0, std::string_view(here).size(), ".");
    if (source.starts_with('.') && target.starts_with('/')) declared.volumes.emplace_back(source, clean_path(target));
  }
}

// https://docs.docker.com/reference/compose-file/build/
void read_build(const YAML::Node& key, const YAML::Node& build, Declared& declared) {
  if (!build || build.IsNull() || build.IsSequence()) return;
  declared.builds = true;
  declared.line = line_of(build.IsScalar() ? build : key);
  if (build.IsScalar()) {
    declared.context = build.Scalar();
    return;
  }
  declared.context = text_at(build, "context");
  declared.dockerfile = text_at(build, "dockerfile");
  declared.target = text_at(build, "target");
  if (const auto list = build["platforms"]; list && list.IsSequence())
    for (const auto& platform : list)
      if (platform.IsScalar()) declared.platforms.insert(platform.Scalar());
  declared.is_inline = build["dockerfile_inline"].IsDefined();
  declared.arguments = argument_names(merged_value(build, "args"));
  declared.cache_from = build["cache_from"].IsDefined();
  declared.cache_to = build["cache_to"].IsDefined();
}

std::vector<Declared> read_services(const YAML::Node& root, const std::string& path) {
  std::vector<Declared> all;
  if (!root.IsMap() || !root["services"] || !root["services"].IsMap()) return all;
  const YAML::Node services = root["services"];
  for (const auto& service : services) {
    if (!service.first.IsScalar() || !service.second.IsMap()) continue;
    if (all.size() == most_builds)
      throw WrongValue(service.first.Mark(), "more than " + std::to_string(most_builds) + " services");
    Declared declared;
    declared.name = service.first.Scalar().substr(0, limits::longest_name);
    const Service inherits(services, service.second);
    if (const auto image = inherits.value("image"); image && image.IsScalar()) declared.image = image.Scalar();
    read_build(service.first, inherits.value("build"), declared);
    read_starts(inherits, path, declared);
    read_volumes(inherits, declared);
    for (const auto* key : {"configs", "environment", "secrets", "volumes"})
      add_settings(inherits.value(key), declared);
    read_environment(inherits, fs::path(path).parent_path().string(), declared);
    all.push_back(std::move(declared));
  }
  return all;
}

// Whether it cannot be what is built alone: no service has a Dockerfile by what it says.
bool is_incomplete(const Declared& declared, const std::string& directory) {
  if (declared.context || declared.is_inline) return false;
  std::error_code error;
  return !declared.dockerfile || !fs::is_regular_file(joined_path(directory, *declared.dockerfile), error);
}

struct OtherFiles {
  std::vector<Declared> services;
  bool complete = true;  // false where there is more than is read
};

// The services of the other Compose files of the directory, those first that are most likely used alone.
OtherFiles read_other_files(const std::string& path) {
  constexpr std::size_t most_names = 5000, most_bytes = largest_companion;  // of all
  const auto directory = fs::path(path).parent_path();
  std::vector<std::string> others;
  std::error_code error;
  for (const auto& [name, kind] : list_directory(directory.empty() ? "." : directory.string()))
    if (others.size() < most_names && is_compose_file(name) && name != path_basename(path) &&
        fs::is_regular_file(directory / name, error))
      others.push_back((directory / name).string());
  // The names of those that are used alone are the shortest.
  std::ranges::sort(others, {}, [](const std::string& other) { return std::pair(other.size(), other); });
  OtherFiles all;
  std::size_t bytes = 0;
  all.complete = others.size() < most_names;
  for (const auto& other : others) {
    const auto size = fs::file_size(other, error);
    all.complete &= bytes + size <= most_bytes;
    if (bytes + size > most_bytes) continue;
    bytes += size;
    read_yaml(other, [&](const YAML::Node& root) {
      std::ranges::move(read_services(root, other), std::back_inserter(all.services));
    });
  }
  return all;
}

// The same service in another file, where that is more than an addition.
void complete(Declared& declared, const std::vector<Declared>& others) {
  const auto base = std::ranges::find_if(
      others, [&](const Declared& other) { return other.name == declared.name && other.builds && other.context; });
  if (base == others.end()) return;
  declared.context = base->context;
  if (!declared.dockerfile) declared.dockerfile = base->dockerfile;
  if (!declared.target) declared.target = base->target;
  declared.arguments.insert(base->arguments.begin(), base->arguments.end());
  declared.is_inline |= base->is_inline;
  declared.cache_from |= base->cache_from;
  declared.cache_to |= base->cache_to;
}

// What other services run in the image that this one builds: the same service elsewhere, and those that take its name.
void add_starts(Declared& declared, const std::vector<Declared>& others) {
  for (const auto& other : others)
    if (!other.builds && (other.name == declared.name || (!declared.image.empty() && other.image == declared.image))) {
      declared.environment.insert(other.environment.begin(), other.environment.end());
      declared.settings.insert(other.settings.begin(), other.settings.end());
      for (const auto& start : other.starts)
        if (declared.starts.size() <= most_starts) declared.starts.push_back(start);
    }
  if (declared.starts.size() <= most_starts) return;
  declared.starts.resize(most_starts);
  declared.starts.back().text.clear();
}

// `docker-compose.ci.yaml`: what only continuous integration uses, on machines that are new for every run.
bool is_for_integration(const std::string& path) {
  const auto words = std::string(path_basename(path));
  return words.find(".ci.") != words.npos || words.find("-ci.") != words.npos;
}

}  // namespace

bool is_compose_file(const std::string& path) {
  const auto name = path_basename(path);
  if (!name.ends_with(".yaml") && !name.ends_with(".yml")) return false;
  return name.starts_with("compose.") || name.starts_with("docker-compose.") || name.starts_with("compose-") ||
         name.starts_with("docker-compose-");
}

Builds read_compose_file(const std::string& path) {
  Builds result;
  const auto directory = fs::path(path).parent_path().string();
  result.error = read_yaml(path, [&](const YAML::Node& root) {
    if (!root.IsMap()) throw WrongValue(root.Mark(), "there are no services in this file");
    const auto services = read_services(root, path);
    if (std::ranges::none_of(services, &Declared::builds)) return;
    const auto others = read_other_files(path);
    for (auto declared : services) {
      if (!declared.builds) continue;
      if (is_incomplete(declared, directory)) complete(declared, others.services);
      add_starts(declared, services);
      add_starts(declared, others.services);
      if (!others.complete) declared.starts.push_back({"", directory.empty() ? "." : directory});
      // Of an editor's directory it is what developers work in, whatever keeps it running.
      if (path_basename(directory) == ".devcontainer")
        declared.starts.push_back({"", path + ':' + std::to_string(declared.line)});
      auto build = local_build(declared.name, declared.context.value_or("."),
                               declared.dockerfile.value_or("Dockerfile"), directory, declared.line);
      if (declared.is_inline) {
        build.dockerfile.clear();
        result.unread.push_back(build.name);
      }
      build.target = declared.target.value_or("");
      build.platforms = std::move(declared.platforms);
      build.arguments = std::move(declared.arguments);
      build.cache_from = declared.cache_from;
      build.cache_to = declared.cache_to;
      build.starts = std::move(declared.starts);
      build.environment = std::move(declared.environment);
      build.settings = std::move(declared.settings);
      for (const auto& [source, target] : declared.volumes)
        if (joined_path(directory, source) == build.context) build.mounted_over.insert(target);
      build.hosted = is_for_integration(path);
      if (!declared.image.empty()) build.images.insert(image_name(declared.image));
      // Compose's own names, with and without its older underscore; the project is called as its directory.
      const auto project = to_lower_ascii(fs::absolute(path).parent_path().filename().string());
      for (const auto* joint : {"-", "_"}) build.images.insert(project + joint + build.name);
      result.builds.push_back(std::move(build));
    }
  });
  return result;
}

}  // namespace dockhew::cli
