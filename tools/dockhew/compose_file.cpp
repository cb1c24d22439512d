#include "compose_file.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "text/path.hpp"
#include "yaml_reader.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

// The `build` of one service, with what it says itself.
struct Declared {
  std::string name;
  std::size_t line = 0;
  std::optional<std::string> context, dockerfile;
  bool is_inline = false;
  std::set<std::string, std::less<>> arguments;
  bool cache_from = false, cache_to = false;
};

// https://docs.docker.com/reference/compose-file/build/
std::optional<Declared> read_service(const std::string& name, const YAML::Node& key, const YAML::Node& build) {
  if (!build || build.IsNull() || build.IsSequence()) return std::nullopt;
  Declared declared;
  declared.name = name;
  declared.line = line_of(build.IsScalar() ? build : key);
  if (build.IsScalar()) {
    declared.context = build.Scalar();
    return declared;
  }
  const auto text = [&](const char* of) {
    const auto value = build[of];
    return value && value.IsScalar() ? std::optional(value.Scalar()) : std::nullopt;
  };
  declared.context = text("context");
  declared.dockerfile = text("dockerfile");
  declared.is_inline = build["dockerfile_inline"].IsDefined();
  declared.arguments = argument_names(build["args"]);
  declared.cache_from = build["cache_from"].IsDefined();
  declared.cache_to = build["cache_to"].IsDefined();
  return declared;
}

std::vector<Declared> read_services(const YAML::Node& services) {
  std::vector<Declared> all;
  if (!services.IsMap()) return all;
  for (const auto& service : services) {
    if (!service.first.IsScalar() || !service.second.IsMap() || all.size() == most_builds) continue;
    if (auto declared = read_service(service.first.Scalar(), service.first, service.second["build"]))
      all.push_back(std::move(*declared));
  }
  return all;
}

// Whether it cannot be what is built alone: no service has a Dockerfile by what it says.
bool is_incomplete(const Declared& declared, const std::string& directory) {
  if (declared.context || declared.is_inline) return false;
  std::error_code error;
  return !declared.dockerfile || !fs::is_regular_file(joined_path(directory, *declared.dockerfile), error);
}

// What the other Compose files of the directory declare; of many, those with the shortest names, because these are used
// alone.
std::vector<std::vector<Declared>> read_others(const std::string& path) {
  constexpr std::size_t most_files = 4, most_names = 5000;
  const auto directory = fs::path(path).parent_path();
  std::vector<std::string> others;
  std::error_code error;
  for (fs::directory_iterator it(directory.empty() ? fs::path(".") : directory, error), end; !error && it != end;
       it.increment(error)) {
    if (others.size() == most_names) break;
    if (is_compose_file(it->path().string()) && it->path().filename() != fs::path(path).filename() &&
        it->is_regular_file(error))
      others.push_back((directory / it->path().filename()).string());
  }
  std::ranges::sort(others, {}, [](const std::string& other) { return std::pair(other.size(), other); });
  others.resize(std::min(others.size(), most_files));
  std::vector<std::vector<Declared>> declared;
  for (const auto& other : others)
    read_yaml(other, [&](const YAML::Node& root) {
      if (root.IsMap() && root["services"]) declared.push_back(read_services(root["services"]));
    });
  return declared;
}

// The same service in another Compose file of the directory, where that is more than an addition.
const Declared* base_of(const Declared& declared, const std::vector<std::vector<Declared>>& others) {
  for (const auto& services : others)
    for (auto each = services.rbegin(); each != services.rend(); ++each)
      if (each->name == declared.name && each->context) return &*each;
  return nullptr;
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
    if (!root["services"]) return;
    std::optional<std::vector<std::vector<Declared>>> others;
    for (auto& declared : read_services(root["services"])) {
      if (is_incomplete(declared, directory)) {
        if (!others) others = read_others(path);
        if (const auto* base = base_of(declared, *others)) {
          declared.context = base->context;
          if (!declared.dockerfile) declared.dockerfile = base->dockerfile;
          declared.arguments.insert(base->arguments.begin(), base->arguments.end());
          declared.is_inline |= base->is_inline;
          declared.cache_from |= base->cache_from;
          declared.cache_to |= base->cache_to;
        }
      }
      auto build = local_build(declared.name, declared.context.value_or("."),
                               declared.dockerfile.value_or("Dockerfile"), directory, declared.line);
      if (declared.is_inline) build.dockerfile.clear();
      build.arguments = std::move(declared.arguments);
      build.cache_from = declared.cache_from;
      build.cache_to = declared.cache_to;
      result.builds.push_back(std::move(build));
    }
  });
  return result;
}

}  // namespace dockhew::cli
