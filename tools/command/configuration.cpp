#include "configuration.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>

#include "line/option_values.hpp"
#include "rule_selection.hpp"
#include "text/path.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

std::string find_upwards(fs::path directory, std::initializer_list<const char*> names) {
  std::error_code error;
  for (;; directory = directory.parent_path()) {
    for (const auto* name : names)
      if (fs::is_regular_file(directory / name, error)) return (directory / name).string();
    if (directory == directory.parent_path()) return {};
  }
}

fs::path directory_of(const std::string& dockerfile) {
  std::error_code error;
  const auto path = dockerfile == "-" ? fs::path(".") : fs::path(dockerfile).parent_path();
  return fs::absolute(path, error).lexically_normal();
}

bool is_hadolint_file(const std::string& path) {
  const auto name = fs::path(path).filename().string();
  return name == ".hadolint.yaml" || name == ".hadolint.yml" || name == "hadolint.yaml" || name == "hadolint.yml";
}

using SharedConfiguration = std::shared_ptr<const Configuration>;

// One file governs many Dockerfiles; but there may be one beside each of very many.
struct KnownConfigurations {
  static constexpr std::size_t most = 100;
  std::mutex mutex;
  std::map<std::string, SharedConfiguration> files;
};
KnownConfigurations& known_configurations() {
  static KnownConfigurations known;
  return known;
}

SharedConfiguration cached_configuration(const FoundConfiguration& found) {
  auto& [mutex, cache] = known_configurations();
  const std::scoped_lock lock(mutex);
  const auto known = cache.find(found.path);
  if (known != cache.end()) return known->second;
  if (cache.size() == KnownConfigurations::most) cache.clear();
  auto read = found.hadolint ? read_hadolint_configuration(found.path) : read_configuration(found.path);
  return cache[found.path] = std::make_shared<const Configuration>(std::move(read));
}

FoundConfiguration configuration_for(const Options& options, const std::string& dockerfile) {
  if (options.no_configuration || options.hadolint) return {};
  if (!options.configuration.empty()) return {options.configuration, is_hadolint_file(options.configuration)};
  if (const char* path = std::getenv("DOCKHEW_CONFIG"); path != nullptr && *path != '\0')
    return {path, is_hadolint_file(path)};
  return find_configuration(directory_of(dockerfile).string());
}

void apply_override(const Override& override, const std::string& configuration, const std::string& dockerfile,
                    std::vector<std::string>& ignore, std::map<std::string, Severity>& severities) {
  const auto base = fs::absolute(configuration).parent_path().lexically_normal();
  const auto path = fs::absolute(dockerfile).lexically_normal().lexically_relative(base).generic_string();
  const bool applies =
      std::ranges::any_of(override.files, [&](const std::string& glob) { return glob_match(glob, path); });
  if (!applies) return;
  ignore.insert(ignore.end(), override.ignore.begin(), override.ignore.end());
  for (const auto& [name, severity] : override.severities) severities[name] = severity;
}

// A list from the command line, the environment or the configuration.
std::optional<std::vector<std::string>> first_of(bool given, const std::vector<std::string>& option,
                                                 const char* variable,
                                                 const std::optional<std::vector<std::string>>& configured) {
  if (given) return option;
  if (const char* value = std::getenv(variable); value != nullptr && *value != '\0') return split_commas({value});
  return configured;
}

// The files of a run are asked the same, so each question is answered once.
Selection selected(const std::optional<std::vector<std::string>>& select, const std::vector<std::string>& ignore) {
  constexpr std::size_t most_known = 100;
  static std::mutex mutex;
  static std::map<std::pair<std::optional<std::vector<std::string>>, std::vector<std::string>>, Selection> known;
  const std::scoped_lock lock(mutex);
  if (known.size() > most_known) known.clear();
  const auto [place, is_new] = known.try_emplace({select, ignore});
  if (is_new) place->second = select_rules(select ? &*select : nullptr, ignore);
  return place->second;
}

}  // namespace

FoundConfiguration find_configuration(const std::string& directory) {
  if (auto own = find_upwards(directory, {".dockhew.yaml", ".dockhew.yml"}); !own.empty()) return {own, false};
  return {find_upwards(directory, {".hadolint.yaml", ".hadolint.yml"}), true};
}

bool is_excluded(const Options& options, const std::string& path) {
  const auto whole = fs::absolute(path).lexically_normal();
  // A name is found in any directory; a path counts from the base.
  const auto matches = [&](const fs::path& base, const std::vector<std::string>& globs) {
    const auto below = whole.lexically_relative(base).generic_string();
    return std::ranges::any_of(globs, [&](std::string glob) {
      while (glob.size() > 1 && glob.ends_with('/')) glob.pop_back();
      if (glob.starts_with("./")) glob.erase(0, 2);
      return glob_match_above(glob, below) || (glob.find('/') == glob.npos && glob_match_above("**/" + glob, below));
    });
  };
  std::error_code error;
  if (!options.exclude.empty() && matches(fs::current_path(error), options.exclude)) return true;
  const auto found = configuration_for(options, path);
  if (found.path.empty()) return false;
  const auto configuration = cached_configuration(found);
  return !configuration->exclude.empty() &&
         matches(fs::absolute(found.path).parent_path().lexically_normal(), configuration->exclude);
}

void forget_configurations() {
  auto& [mutex, cache] = known_configurations();
  const std::scoped_lock lock(mutex);
  cache.clear();
  forget_user_rules();
}

Settings settings_for(const Options& options, const std::string& dockerfile) {
  Settings settings;
  const auto found = configuration_for(options, dockerfile);
  const auto shared = options.hadolint     ? options.hadolint
                      : found.path.empty() ? std::make_shared<const Configuration>()
                                           : cached_configuration(found);
  const auto& configuration = *shared;
  settings.error = configuration.error;
  if (!settings.error.empty()) return settings;

  const auto select = first_of(options.select_given, options.select, "DOCKHEW_SELECT", configuration.select);
  auto ignore = first_of(!options.ignore.empty(), options.ignore, "DOCKHEW_IGNORE", configuration.ignore).value();
  settings.lint.severities = configuration.severities;
  for (const auto& override : configuration.overrides)
    apply_override(override, found.path, dockerfile, ignore, settings.lint.severities);

  auto selection = selected(select, ignore);
  settings.error = selection.error;
  settings.lint.rules = std::move(selection.rules);
  settings.lint.only = std::move(selection.only);
  settings.lint.ignore = std::move(ignore);
  settings.lint.options = configuration.options;
  settings.lint.options.selected = select.has_value();
  if (dockerfile != "-") settings.lint.options.path = dockerfile;
  if (options.builder) settings.lint.options.builder = *options.builder;
  if (options.builder_cache) settings.lint.options.builder_cache = *options.builder_cache;
  settings.lint.comments = configuration.comments;
  settings.as_buildkit = selection.as_buildkit;
  settings.as_hadolint = selection.as_hadolint;
  // Fixes of other kinds are left to `lint --fix`, unless requested.
  const std::vector<std::string> all = {"all"};
  settings.optimizing = selected(options.select_given ? options.select : all, settings.lint.ignore).rules;
  if (!options.select_given) std::erase_if(settings.optimizing, [](const Rule* rule) { return !is_optimizing(*rule); });

  // All is shown; what is written without being asked for is what keeps the image as it is.
  const bool writes = options.write || !options.output.empty();
  settings.takes_unsafe = configuration.takes_unsafe;
  settings.least = options.least                           ? *options.least
                   : writes && !configuration.takes_unsafe ? Applicability::conditional
                                                           : Applicability::unsafe;

  std::vector<std::string> rule_files = options.rules;
  for (const auto& path : configuration.rules)
    rule_files.push_back((fs::path(found.path).parent_path() / path).string());
  for (const auto& path : rule_files) {
    auto user_rules = user_rules_of(path);
    if (!user_rules->error.empty()) settings.error = user_rules->error;
    for (const auto& rule : user_rules->rules) settings.lint.rules.push_back(&rule->rule());
    settings.user_rules.push_back(std::move(user_rules));
  }

  const char* shellcheck = std::getenv("DOCKHEW_SHELLCHECK");
  if (options.shellcheck) settings.shellcheck = *options.shellcheck;
  else if (shellcheck != nullptr && *shellcheck != '\0') {
    if (const auto error = choose("shellcheck", shellcheck, shellcheck_choices(), settings.shellcheck); !error.empty())
      settings.error = "DOCKHEW_SHELLCHECK: " + error;
  } else if (configuration.shellcheck) {
    settings.shellcheck = *configuration.shellcheck;
  }

  settings.fail_on = options.fail_on;
  if (options.fail_on_given) return settings;
  if (configuration.fail_on) settings.fail_on = *configuration.fail_on;
  if (const char* value = std::getenv("DOCKHEW_FAIL_ON"); value != nullptr && *value != '\0')
    if (const auto error = choose("fail-on", value, severity_choices(), settings.fail_on); !error.empty())
      settings.error = "DOCKHEW_FAIL_ON: " + error;
  return settings;
}

}  // namespace dockhew::cli
