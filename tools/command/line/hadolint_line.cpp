#include "line/hadolint_line.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>

#include "configuration_file.hpp"
#include "line/option_values.hpp"
#include "lint/label_types.hpp"
#include "report/hadolint_formats.hpp"
#include "rule_selection.hpp"
#include "text/ci_log.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

bool is_switched_on(const char* name) {
  const auto value = to_lower_ascii(variable(name));
  return value == "1" || value == "y" || value == "yes" || value == "on" || value == "true";
}

// hadolint looks where it is started, and then in the user's home; never beside the Dockerfile.
std::string find_configuration_of_hadolint() {
  std::vector<std::string> places = {".hadolint"};
  const auto home = variable("HOME"), settings = variable("XDG_CONFIG_HOME");
  if (!settings.empty() || !home.empty())
    places.push_back((settings.empty() ? home + "/.config" : settings) + "/hadolint");
  if (!home.empty())
    for (const auto* place : {"/.hadolint/hadolint", "/.hadolint/config", "/.hadolint"}) places.push_back(home + place);
  for (const auto& place : places)
    for (const auto* ending : {".yaml", ".yml"}) {
      std::error_code error;
      if (fs::is_regular_file(place + ending, error)) return place + ending;
    }
  return {};
}

// Of the command line and the environment; lists of both count, and so does that of the configuration.
std::vector<std::string> both(const Given& given, const char* option, const char* name) {
  auto values = given.list(option);
  for (auto& value : split_commas({variable(name)})) values.push_back(std::move(value));
  return values;
}

std::string read_labels(const std::vector<std::string>& labels, RuleOptions& options) {
  for (const auto& label : labels) {
    const auto colon = label.rfind(':');
    const auto type = colon == label.npos ? std::string() : label.substr(colon + 1);
    if (find_label_type(type) == nullptr) {
      std::vector<std::string_view> names;
      for (const auto& known : label_types()) names.push_back(known.name);
      return wrong_choice("require-label", label, names) + " as the TYPE in NAME:TYPE";
    }
    options.label_schema[label.substr(0, colon)] = type;
  }
  return {};
}

// The severest of what is said of a code wins.
void read_severities(const Given& given, Configuration& configuration) {
  constexpr struct {
    const char *option, *variable;
    Severity severity;
  } levels[] = {{"style", "HADOLINT_OVERRIDE_STYLE", Severity::style},
                {"info", "HADOLINT_OVERRIDE_INFO", Severity::info},
                {"warning", "HADOLINT_OVERRIDE_WARNING", Severity::warning},
                {"error", "HADOLINT_OVERRIDE_ERROR", Severity::error}};
  for (const auto& level : levels)
    for (const auto& code : both(given, level.option, level.variable)) configuration.severities[code] = level.severity;
}

std::string read_threshold(const Given& given, Configuration& configuration, bool configured) {
  auto word = given.text("failure-threshold");
  if (word.empty() && !configured) word = variable("HADOLINT_FAILURE_THRESHOLD");
  if (!word.empty())
    if (auto error = choose("failure-threshold", word, threshold_choices(), configuration.fail_on.emplace());
        !error.empty())
      return error;
  if (given.has("no-fail") || is_switched_on("HADOLINT_NOFAIL")) configuration.fail_on = Severity::off;
  return {};
}

// The n-th file is that of the n-th format.
std::string read_formats(const Given& given, const Configuration& configuration, Options& options) {
  auto names = given.list("format");
  if (names.empty()) names = configuration.formats;
  if (names.empty())
    for (const auto& name : split_commas({variable("HADOLINT_FORMAT")}))
      if (find_hadolint_format(name) != nullptr) names.push_back(name);
  const auto files = given.list("output");
  for (std::size_t i = 0; i < std::max({names.size(), files.size(), std::size_t{1}}); ++i) {
    const auto name = i < names.size() ? names[i] : "tty";
    const auto* format = find_hadolint_format(name);
    if (format == nullptr) return wrong_choice("format", name, hadolint_format_names());
    options.reports.push_back({std::string(format->name), i < files.size() && files[i] != "-" ? files[i] : ""});
  }
  return {};
}

void say_what_counts(const std::string& path, const Configuration& configuration) {
  const auto text = write_configuration(configuration, path);
  std::cerr << "configuration: " << (path.empty() ? "none" : escape_for_terminal(path)) << '\n'
            << escape_lines(text.substr(text.find("\nedition") + 1));  // without where it is from
}

}  // namespace

bool is_called_hadolint(const char* program) { return program != nullptr && path_basename(program) == "hadolint"; }

std::string read_hadolint_line(const Given& given, Options& options) {
  const auto path = given.has("config") ? given.text("config") : find_configuration_of_hadolint();
  Configuration configuration;
  configuration.select = {"hadolint"};
  configuration.severities = {{"DL1001", Severity::off}, {"DL3057", Severity::off}};
  bool configured = false;
  if (!path.empty()) {
    configuration = read_hadolint_configuration(path);
    if (!configuration.error.empty()) return configuration.error;
    configured = configuration.fail_on != Severity::info;
  }
  if (!configuration.fail_on) configuration.fail_on = Severity::info;
  for (auto& code : both(given, "ignore", "HADOLINT_IGNORE")) configuration.ignore.push_back(std::move(code));
  read_severities(given, configuration);
  auto& rules = configuration.options;
  for (auto& registry : both(given, "trusted-registry", "HADOLINT_TRUSTED_REGISTRIES"))
    rules.trusted_registries.push_back(std::move(registry));
  if (auto error = read_labels(both(given, "require-label", "HADOLINT_REQUIRE_LABELS"), rules); !error.empty())
    return error;
  rules.strict_labels |= given.has("strict-labels") || is_switched_on("HADOLINT_STRICT_LABELS");
  if (given.has("disable-ignore-pragma") || is_switched_on("HADOLINT_DISABLE_IGNORE_PRAGMA"))
    configuration.comments = false;
  if (auto error = read_threshold(given, configuration, configured); !error.empty()) return error;
  if (auto error = read_formats(given, configuration, options); !error.empty()) return error;
  // As hadolint: codes that do not exist are not findings.
  std::erase_if(configuration.ignore, [](const std::string& name) { return !check_rule_name(name).empty(); });
  std::erase_if(configuration.severities, [](const auto& each) { return !check_rule_name(each.first).empty(); });

  options.select_given = true;
  options.select = {"hadolint"};
  options.ignore = configuration.ignore;
  options.fail_on_given = true;
  options.fail_on = *configuration.fail_on;
  options.path_in_report = given.text("file-path-in-report");
  if (given.has("no-color") || configuration.no_colour) options.colour = false;
  if (given.has("verbose") || is_switched_on("HADOLINT_VERBOSE")) say_what_counts(path, configuration);
  options.hadolint = std::make_shared<const Configuration>(std::move(configuration));
  return {};
}

}  // namespace dockhew::cli
