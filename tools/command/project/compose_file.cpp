#include "project/compose_file.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <memory>
#include <optional>
#include <span>

#include "files.hpp"
#include "project/changing_values.hpp"
#include "project/compose_mounts.hpp"
#include "project/compose_services.hpp"
#include "project/compose_starts.hpp"
#include "project/docker_commands.hpp"
#include "project/inline_dockerfiles.hpp"
#include "project/said_in_file.hpp"
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
  std::string name, image, container;
  std::string directory, said_in;  // of the file that says what is built, which may be another one
  std::size_t line = 0;
  bool builds = false;
  std::optional<std::string> context, dockerfile, target;
  std::set<std::string, std::less<>> platforms;
  std::vector<std::string> bases;  // what it builds on besides: "service:base"
  bool is_inline = false;
  std::optional<InlineDockerfile> said_inline;  // where the file itself has it
  std::set<std::string, std::less<>> arguments;
  std::vector<WrittenArgument> written_arguments;
  std::string needs;
  bool cache_from = false, cache_to = false, without_cache = false;
  std::vector<SaidInFile> said_target, said_arguments, said_cache_to;
  std::optional<SaidBlock> said_block;
  std::string said_image;
  std::vector<ContainerStart> starts;
  std::set<std::string, std::less<>> environment, settings;
  std::vector<std::pair<std::string, std::string>> volumes;  // directories here, and in the container
};

}  // namespace

// The Compose files of a directory.
struct ComposeDirectory {
  struct File {
    std::string path;
    std::vector<Declared> services;
  };
  std::shared_ptr<const ComposeValues> values;
  std::vector<File> files;  // those first that are most likely used alone
  bool complete = true;     // false where there is more than is read
};

namespace {

constexpr std::size_t most_of_parts = std::size_t{64} << 10U;  // bytes of files that are extended and included

std::optional<std::string> text_at(const YAML::Node& map, const char* key, const ComposeValues& values) {
  const auto value = merged_value(map, key);
  return value && value.IsScalar() ? std::optional(values.resolve(value.Scalar()).text) : std::nullopt;
}

// Texts that may name a place in the container. Of a service nobody writes more of them, nor longer ones.
void add_settings(const YAML::Node& node, Declared& declared) {
  constexpr std::size_t most_settings = 200, longest_setting = 1000;
  if (!node || declared.settings.size() >= most_settings) return;
  YamlBudget::look_at(node.size());
  if (node.IsMap())
    for (const auto& each : node) add_settings(each.second, declared);
  if (node.IsSequence())
    for (const auto& each : node) add_settings(each, declared);
  const auto names = [&](const char* sign) { return node.Scalar().find(sign) != std::string::npos; };
  if (!node.IsScalar() || (!names("/") && !names("--"))) return;  // paths, and options of what is started
  YamlBudget::keep(std::min(node.Scalar().size(), longest_setting));
  declared.settings.insert(node.Scalar().substr(0, longest_setting));
}

// Names of variables, also those in the files that a service names.
void read_environment(ComposeProject& project, const ComposeService& service, Declared& declared) {
  declared.environment = argument_names(service.value("environment").node);
  const auto files = service.value("env_file");
  const auto add = [&](const YAML::Node& file) {
    const auto path = file.IsMap() ? file["path"] : file;
    if (!path || !path.IsScalar() || is_elsewhere(path.Scalar())) return;
    for (const auto& line : project.environment_file(joined_path(files.document->directory, path.Scalar()))) {
      const YAML::Node text(line);
      declared.environment.merge(argument_names(text));
      add_settings(text, declared);
    }
  };
  if (files && files.node.IsSequence())
    for (const auto& file : files.node) add(file);
  else if (files) add(files.node);
}

// Directories of the project that the container gets: `./api:/app:ro`, `{type: bind, source: ./api, target: /app}`.
void read_volumes(const ComposeService& service, const ComposeValues& values, Declared& declared) {
  constexpr std::size_t most_volumes = 100;
  const auto volumes = service.value("volumes");
  if (!volumes || !volumes.node.IsSequence()) return;
  YamlBudget::look_at(volumes.node.size());
  for (const auto& volume : volumes.node) {
    if (declared.volumes.size() == most_volumes) return;
    std::string source, target;
    if (volume.IsMap() && text_at(volume, "type", values) == "bind") {
      source = text_at(volume, "source", values).value_or("");
      target = text_at(volume, "target", values).value_or("");
    } else if (volume.IsScalar()) {
      const auto text = values.resolve(volume.Scalar()).text;
      const auto colon = text.find(':');
      if (colon == text.npos) continue;
      source = text.substr(0, colon);
      target = text.substr(colon + 1, text.find(':', colon + 1) - colon - 1);
    }
    for (const auto* here : {"${PWD}", "$PWD"})
      if (source.starts_with(here)) source.replace(0, std::string_view(here).size(), ".");
    YamlBudget::keep(volumes.document->directory.size() + source.size() + target.size());
    if (source.starts_with('.') && target.starts_with('/'))
      declared.volumes.emplace_back(joined_path(volumes.document->directory, source), clean_path(target));
  }
}

// The values of `name: value`, or of a list of `name=value`.
std::vector<std::string> argument_texts(const YAML::Node& node) {
  std::vector<std::string> texts;
  for (const auto& each : node) {
    YamlBudget::look_at(1);
    if (node.IsMap() && each.second.IsScalar()) texts.push_back(each.second.Scalar());
    else if (node.IsSequence() && each.IsScalar()) texts.push_back(each.Scalar().substr(each.Scalar().find('=') + 1));
  }
  return texts;
}

std::vector<WrittenArgument> written_arguments(const YAML::Node& node) {
  constexpr std::size_t most_arguments = 200;
  std::vector<WrittenArgument> all;
  if (!node) return all;
  for (const auto& each : node) {
    if (all.size() == most_arguments) return all;
    if (node.IsMap() && each.first.IsScalar() && (each.second.IsScalar() || each.second.IsNull())) {
      all.push_back({each.first.Scalar(), std::nullopt});
      if (!each.second.IsNull()) all.back().value = each.second.Scalar();
    } else if (node.IsSequence() && each.IsScalar()) {
      const auto& text = each.Scalar();
      const auto equals = text.find('=');
      all.push_back({text.substr(0, equals), std::nullopt});
      if (equals != text.npos) all.back().value = text.substr(equals + 1);
    }
  }
  return all;
}

// https://docs.docker.com/reference/compose-file/build/
// `of_file`: what is said stands in the file that is read, and not in one that it extends or includes.
void read_build(const ComposeNode& key, const ComposeNode& found, const ComposeValues& values, bool of_file,
                Declared& declared) {
  const auto& build = found.node;
  if (!found || build.IsNull() || build.IsSequence()) return;
  declared.builds = true;
  const bool elsewhere = found.document != key.document;
  declared.line = line_of(build.IsScalar() || elsewhere ? build : key.node);
  declared.directory = found.document->directory;
  declared.said_in = found.document->path;
  if (build.IsScalar()) {
    declared.context = values.resolve(build.Scalar()).text;
    return;
  }
  declared.context = text_at(build, "context", values);
  declared.dockerfile = text_at(build, "dockerfile", values);
  declared.target = text_at(build, "target", values);
  for (const auto& argument :
       build["additional_contexts"] ? argument_texts(build["additional_contexts"]) : std::vector<std::string>())
    declared.bases.push_back(values.resolve(argument).text), YamlBudget::keep(declared.bases.back().size());
  if (const auto list = build["platforms"]; list && list.IsSequence())
    for (const auto& platform : list)
      if (platform.IsScalar() && platform.Scalar().size() <= limits::longest_name)
        YamlBudget::keep(platform.Scalar().size()), declared.platforms.insert(platform.Scalar());
  declared.is_inline = build["dockerfile_inline"].IsDefined();
  declared.arguments = argument_names(merged_value(build, "args"));
  declared.written_arguments = written_arguments(merged_value(build, "args"));
  for (const auto* key : {"additional_contexts", "secrets", "ssh"})
    if (declared.needs.empty() && merged_value(build, key)) declared.needs = key;
  declared.cache_from = build["cache_from"].IsDefined();
  declared.cache_to = build["cache_to"].IsDefined();
  declared.without_cache = text_at(build, "no_cache", values).value_or("") == "true";
  if (!of_file) return;
  declared.said_target = said_in(merged_value(build, "target"));
  declared.said_arguments = names_said_in(merged_value(build, "args"));
  declared.said_cache_to = said_in(build["cache_to"], Variables::allowed);
  if (declared.is_inline) declared.said_inline = inline_dockerfile(declared.name, build["dockerfile_inline"]);
}

// What is said of a build is added to by another place that says something of it.
void add_base(Declared& declared, const Declared& base) {
  if (!declared.context && base.context) {
    declared.context = base.context;
    declared.directory = base.directory;
  }
  if (!declared.dockerfile) declared.dockerfile = base.dockerfile;
  if (!declared.target) declared.target = base.target;
  declared.arguments.insert(base.arguments.begin(), base.arguments.end());
  for (const auto& argument : base.written_arguments)
    if (std::ranges::find(declared.written_arguments, argument.name, &WrittenArgument::name) ==
        declared.written_arguments.end())
      declared.written_arguments.push_back(argument);
  if (declared.needs.empty()) declared.needs = base.needs;
  declared.is_inline |= base.is_inline;
  declared.cache_from |= base.cache_from;
  declared.cache_to |= base.cache_to;
  declared.without_cache |= base.without_cache;
}

// `parts`: the other files that were read for it; `left`: bytes that may be.
std::vector<Declared> read_services(const YAML::Node& root, const std::string& path,
                                    const std::shared_ptr<const ComposeValues>& values_of_project,
                                    std::vector<std::string>& parts, std::size_t& left) {
  std::vector<Declared> all;
  if (!root.IsMap()) return all;
  ComposeProject project(path, root, values_of_project, left);
  const auto& values = project.values();
  project.each_service([&](const ComposeNode& name, const ComposeService& service) {
    if (all.size() == most_builds) return;
    Declared declared;
    declared.name = name.node.Scalar().substr(0, limits::longest_name);
    const auto text_of = [&](const char* key) {
      const auto value = service.value(key);
      return value && value.node.IsScalar() ? values.resolve(value.node.Scalar()).text : std::string();
    };
    declared.image = text_of("image");
    declared.container = text_of("container_name");
    declared.directory = name.document->directory;
    const auto builds = service.values("build");
    if (!builds.empty()) read_build(name, builds.front(), values, builds.front().document->path == path, declared);
    for (const auto& extended : std::span(builds).subspan(std::min<std::size_t>(1, builds.size()))) {
      Declared base;
      read_build(name, extended, values, extended.document->path == path, base);
      if (!declared.target) declared.said_target = base.said_target;
      add_base(declared, base);
    }
    if (name.document->path == path) declared.said_block = block_said_in(service.own().node, "build");
    if (const auto image = service.value("image"); image && image.node.IsScalar())
      declared.said_image = image.node.Scalar().substr(0, limits::longest_name);
    declared.starts = read_starts(service, values);
    read_volumes(service, values, declared);
    for (const auto* key : {"configs", "environment", "secrets", "volumes"})
      add_settings(service.value(key).node, declared);
    read_environment(project, service, declared);
    YamlBudget::keep(declared.context.value_or("").size() + declared.image.size());
    all.push_back(std::move(declared));
  });
  parts = project.other_paths();
  return all;
}

// Whether it cannot be what is built alone: no service has a Dockerfile by what it says.
bool is_incomplete(const Declared& declared) {
  if (declared.context || declared.is_inline) return false;
  std::error_code error;
  return !declared.dockerfile || !fs::is_regular_file(joined_path(declared.directory, *declared.dockerfile), error);
}

// All files of a directory have one budget. That the file itself is among them is looked at later.
ComposeDirectory read_directory(const fs::path& directory) {
  constexpr std::size_t most_names = 5000, most_bytes = 2 * largest_companion;  // of all
  const YamlBudget budget;
  ComposeDirectory all;
  all.values = std::make_shared<const ComposeValues>(directory.string());
  std::vector<std::string> paths;
  std::error_code error;
  for (const auto& [name, kind] : list_directory(directory.empty() ? "." : directory.string()))
    if (paths.size() < most_names && kind == PathKind::file && is_compose_file(name))
      paths.push_back((directory / name).string());
  // The names of those that are used alone are the shortest.
  std::ranges::sort(paths, {}, [](const std::string& path) { return std::pair(path.size(), path); });
  std::size_t bytes = 0, left = most_of_parts;
  all.complete = paths.size() < most_names;
  for (const auto& path : paths) {
    const auto size = fs::file_size(path, error);
    all.complete &= bytes + size <= most_bytes;
    if (bytes + size > most_bytes) continue;
    bytes += size;
    const auto failure = read_yaml(path, [&](const YAML::Node& root) {
      std::vector<std::string> parts;
      all.files.push_back({path, read_services(root, path, all.values, parts, left)});
    });
    all.complete &= !is_too_large(failure);
  }
  return all;
}

// The same service in another file, where that is more than an addition.
void complete(Declared& declared, const std::vector<Declared>& others) {
  YamlBudget::look_at(others.size());
  const auto base = std::ranges::find_if(
      others, [&](const Declared& other) { return other.name == declared.name && other.builds && other.context; });
  if (base != others.end()) add_base(declared, *base);
}

// What other services run in the image that this one builds: the same service elsewhere, and those that take its name.
void add_starts(Declared& declared, const std::vector<Declared>& others) {
  YamlBudget::look_at(others.size());
  const auto add_all = [](const auto& from, auto& to) {
    for (const auto& text : from)
      if (to.insert(text).second) YamlBudget::keep(text.size());
      else YamlBudget::look_at(1);
  };
  for (const auto& other : others)
    if (!other.builds && (other.name == declared.name || (!declared.image.empty() && other.image == declared.image))) {
      add_all(other.environment, declared.environment);
      add_all(other.settings, declared.settings);
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

Build build_of(Declared& declared, const std::string& path) {
  auto build = local_build(declared.name, declared.context.value_or("."), declared.dockerfile.value_or("Dockerfile"),
                           declared.directory, declared.line);
  if (declared.is_inline) build.dockerfile.clear();
  if (path_basename(path).starts_with("podman-compose")) build.program = "podman";
  build.said_in = declared.said_in;
  build.target = declared.target.value_or("");
  build.platforms = std::move(declared.platforms);
  build.arguments = std::move(declared.arguments);
  build.written_arguments = std::move(declared.written_arguments);
  for (const auto& argument : build.written_arguments)
    if (argument.value && changes_with_runs(*argument.value)) build.changing.insert(argument.name);
  build.needs = std::move(declared.needs);
  build.cache_from = build.fetches_layers = declared.cache_from;
  build.cache_to = declared.cache_to;
  build.without_cache = declared.without_cache;
  build.said_target = std::move(declared.said_target);
  build.said_arguments = std::move(declared.said_arguments);
  build.said_cache_to = std::move(declared.said_cache_to);
  build.said_block = std::move(declared.said_block);
  build.said_image = std::move(declared.said_image);
  build.starts = std::move(declared.starts);
  build.environment = std::move(declared.environment);
  build.settings = std::move(declared.settings);
  add_mounts(declared.volumes, build);
  build.hosted = is_for_integration(path);
  if (!declared.image.empty()) build.images.insert(image_name(declared.image));
  if (!declared.container.empty()) build.containers.insert(declared.container);
  // Compose's own names, with and without its older underscore; the project is called as its directory.
  const auto project = to_lower_ascii(fs::absolute(path).parent_path().filename().string());
  for (const std::string joint : {"-", "_"}) {
    build.images.insert(project + joint + build.name);
    build.containers.insert(project + joint + build.name + joint + '1');
  }
  return build;
}

// What services run in images that something else builds.
void add_runs(const std::vector<Declared>& services, Builds& result) {
  constexpr std::size_t most_runs = 100;
  for (const auto& declared : services) {
    // What is built on an image may need all of it. https://docs.docker.com/reference/compose-file/build/
    for (const auto& base : declared.bases) {
      constexpr std::string_view of_service = "service:", of_image = "docker-image://";
      const ContainerStart start{"", declared.said_in + ':' + std::to_string(declared.line), true};
      if (base.starts_with(of_service)) result.runs.push_back({{}, base.substr(of_service.size()), start, true});
      if (base.starts_with(of_image))
        result.runs.push_back({image_name(base.substr(of_image.size())), {}, start, true});
    }
    if (declared.builds || declared.image.empty()) continue;
    for (auto start : declared.starts) {
      start.besides = true;
      if (result.runs.size() < most_runs) result.runs.push_back({image_name(declared.image), {}, std::move(start)});
    }
  }
}

}  // namespace

bool is_compose_file(const std::string& path) {
  const auto name = path_basename(path);
  if (!name.ends_with(".yaml") && !name.ends_with(".yml")) return false;
  constexpr std::string_view beginnings[] = {"compose.",        "compose-",      "docker-compose.",
                                             "docker-compose-", "docker-stack.", "docker-stack-"};
  return std::ranges::any_of(beginnings, [&](std::string_view beginning) { return name.starts_with(beginning); });
}

bool has_compose_services(const YAML::Node& root) {
  const auto services = root.IsMap() ? root["services"] : YAML::Node(YAML::NodeType::Undefined);
  if (!services || !services.IsMap()) return false;
  for (const auto& service : services) {
    if (!service.second.IsMap()) continue;
    const auto image = service.second["image"], build = service.second["build"], extends = service.second["extends"];
    const bool extended = extends && extends.IsMap() && extends["file"] && extends["service"];
    if ((image && image.IsScalar()) || (build && (build.IsScalar() || build.IsMap())) || extended) return true;
  }
  return false;
}

ComposeDirectories::ComposeDirectories() = default;
ComposeDirectories::~ComposeDirectories() = default;

std::shared_ptr<const ComposeDirectory> ComposeDirectories::of(const std::string& path) {
  constexpr std::size_t most_kept = 4;  // what is read is sorted, so those of one directory follow each other
  const auto directory = fs::path(path).parent_path();
  const std::scoped_lock lock(mutex_);
  if (const auto known = read_.find(directory.string()); known != read_.end()) return known->second;
  if (read_.size() >= most_kept) read_.clear();
  return read_[directory.string()] = std::make_shared<const ComposeDirectory>(read_directory(directory));
}

// The builds of a file, each with what is said about it elsewhere.
static void add_builds(const std::vector<Declared>& services, const ComposeDirectory& others, const std::string& path,
                       Builds& result) {
  const auto directory = fs::path(path).parent_path().string();
  for (auto declared : services) {
    if (!declared.builds) continue;
    const bool incomplete = is_incomplete(declared);
    for (const auto& other : others.files)
      if (incomplete && !declared.context && other.path != path) complete(declared, other.services);
    add_starts(declared, services);
    for (const auto& other : others.files)
      if (other.path != path) add_starts(declared, other.services);
    if (!others.complete) declared.starts.push_back({"", path + ':' + std::to_string(declared.line)});
    // Of an editor's directory it is what developers work in, whatever keeps it running.
    if (path_basename(directory) == ".devcontainer")
      declared.starts.push_back({"", path + ':' + std::to_string(declared.line)});
    if (declared.is_inline) result.unread.push_back(declared.name);
    if (declared.said_inline) result.inlines.push_back(*declared.said_inline);
    result.builds.push_back(build_of(declared, path));
  }
}

Builds read_compose_file(const std::string& path, ComposeDirectories* known) {
  Builds result;
  ComposeDirectories own;
  const auto others = (known != nullptr ? known : &own)->of(path);
  result.error = read_yaml(path, [&](const YAML::Node& root) {
    if (!root.IsMap()) throw WrongValue(root.Mark(), "there are no services in this file");
    auto left = most_of_parts;
    const auto services = read_services(root, path, others->values, result.parts, left);
    add_runs(services, result);
    if (std::ranges::any_of(services, &Declared::builds)) add_builds(services, *others, path, result);
  });
  return result;
}

}  // namespace dockhew::cli
