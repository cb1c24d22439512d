#include "configuration.hpp"

#include <yaml-cpp/yaml.h>

#include <filesystem>
#include <map>

#include "files.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

struct Configuration {
  std::vector<std::string> select, ignore;
  bool selects = false;
  std::string fail_on;
  std::string error;
};

std::string place(const std::string& path, const YAML::Mark& mark) {
  if (mark.is_null()) return path + ": ";
  return path + ':' + std::to_string(mark.line + 1) + ':' + std::to_string(mark.column + 1) + ": ";
}

std::vector<std::string> names_of(const YAML::Node& node) {
  if (node.IsScalar()) return {node.as<std::string>()};
  return node.as<std::vector<std::string>>();
}

Configuration read_configuration(const std::string& path) {
  Configuration result;
  const auto read = read_file(path);
  if (!read.error.empty()) return result.error = path + ": " + read.error, result;
  try {
    const auto root = YAML::Load(read.text);
    if (root.IsNull()) return result;
    if (!root.IsMap()) return result.error = path + ": expected keys and values", result;
    for (const auto& entry : root) {
      const auto key = entry.first.as<std::string>();
      if (key == "select") {
        result.select = names_of(entry.second);
        result.selects = true;
      } else if (key == "ignore") {
        result.ignore = names_of(entry.second);
      } else if (key == "fail-on") {
        result.fail_on = entry.second.as<std::string>();
      } else {
        result.error =
            place(path, entry.first.Mark()) + "unknown key `" + key + "`; the keys are select, ignore and fail-on";
        return result;
      }
    }
  } catch (const YAML::Exception& error) {
    result.error = place(path, error.mark) + error.msg;
  }
  return result;
}

std::string find_configuration(const Options& options, const std::string& dockerfile) {
  if (options.no_configuration) return {};
  if (!options.configuration.empty()) return options.configuration;
  std::error_code error;
  auto directory =
      fs::absolute(dockerfile == "-" ? fs::path(".") : fs::path(dockerfile).parent_path(), error).lexically_normal();
  for (;; directory = directory.parent_path()) {
    for (const auto* name : {".dockhew.yaml", ".dockhew.yml"})
      if (fs::is_regular_file(directory / name, error)) return (directory / name).string();
    if (directory == directory.parent_path()) return {};
  }
}

const Configuration& cached_configuration(const std::string& path) {
  static std::map<std::string, Configuration> cache;  // one file governs many Dockerfiles
  const auto found = cache.find(path);
  return found != cache.end() ? found->second : cache.emplace(path, read_configuration(path)).first->second;
}

}  // namespace

Settings settings_for(const Options& options, const std::string& dockerfile) {
  Settings settings;
  const auto path = find_configuration(options, dockerfile);
  const Configuration none;
  const auto& configuration = path.empty() ? none : cached_configuration(path);
  settings.error = configuration.error;
  if (!settings.error.empty()) return settings;
  const auto* select = options.select_given ? &options.select : configuration.selects ? &configuration.select : nullptr;
  const auto& ignore = options.ignore.empty() ? configuration.ignore : options.ignore;
  auto selection = select_rules(select, ignore);
  if (!selection.error.empty()) settings.error = path + ": " + selection.error;
  settings.rules = std::move(selection.rules);
  settings.as_buildkit = selection.as_buildkit;
  settings.selected = select != nullptr;
  settings.fail_on = options.fail_on;
  if (!options.fail_on_given && !configuration.fail_on.empty()) {
    const auto error = parse_fail_on(configuration.fail_on, settings.fail_on);
    if (!error.empty()) settings.error = path + ": " + error;
  }
  return settings;
}

}  // namespace dockhew::cli
