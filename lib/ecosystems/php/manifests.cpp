#include "ecosystems/php/manifests.hpp"

#include <algorithm>

#include "ecosystems/plain_manifest.hpp"
#include "effects/environment.hpp"
#include "model/context_path.hpp"
#include "text/json.hpp"

namespace dockhew::inline ecosystems {
namespace {

// Plugins that patch packages, join manifests, or write into the source.
Obstacle composer_json_obstacle(std::string_view text) {
  constexpr std::string_view words[] = {"\"path\"",         "\"artifact\"", "\"patches",
                                        "composer-patches", "merge-plugin", "composer-scaffold"};
  return names_source("composer.json", text, words);
}

// Without both of these the scripts of the project run, and its classes are listed. Empty when the use has them.
std::string missing_options(const ToolUse& use) {
  std::string missing;
  for (const std::string_view option : {"--no-scripts", "--no-autoloader"})
    if (!use.has_option(option)) missing += (missing.empty() ? "" : " ") + std::string(option);
  return missing;
}

// They read composer.json, the lock file and what is in `vendor`, and write there. The installation after the source
// has been copied runs them again.
constexpr std::string_view plugins_of_packages[] = {"composer/package-versions-deprecated",
                                                    "dealerdirect/phpcodesniffer-composer-installer",
                                                    "ergebnis/composer-normalize",
                                                    "hirak/prestissimo",
                                                    "infection/extension-installer",
                                                    "ocramius/package-versions",
                                                    "pestphp/pest-plugin",
                                                    "php-http/discovery",
                                                    "phpstan/extension-installer",
                                                    "rector/extension-installer",
                                                    "symfony/runtime",
                                                    "yiisoft/yii2-composer"};

// The first other plugin of a list in the lock file.
std::optional<std::string> find_plugin(const Json& lock, std::string_view list) {
  const auto* packages = lock.find(list);
  if (packages == nullptr) return std::nullopt;
  for (const auto& package : packages->elements()) {
    const auto name = package.string_at("name");
    if (package.string_at("type") == "composer-plugin" &&
        std::ranges::find(plugins_of_packages, name) == std::end(plugins_of_packages))
      return name;
  }
  return std::nullopt;
}

Obstacle obstacle_of_plugins(const Site& site, const ToolUse& use, const std::string& text) {
  if (text.find("composer-plugin") == text.npos) return std::nullopt;
  const auto lock = parse_json(text).value;
  if (!lock.is_object()) return Declined{"composer.lock could not be read"};
  auto plugin = find_plugin(lock, "packages");
  const bool development =
      !use.has_option("--no-dev") && !is_switched_on(environment(site, *use.command, "COMPOSER_NO_DEV"));
  if (!plugin && development) plugin = find_plugin(lock, "packages-dev");
  if (!plugin) return std::nullopt;
  return Declined{"the Composer plugin `" + *plugin + "` is installed, and may read the source"};
}

// What Composer runs while it installs packages: it would run before the source is copied, or not at all.
Obstacle obstacle_of_events(const Site& site, const ToolUse& use, const std::string& directory) {
  const auto& context = site.context();
  const auto text = [&](const char* name) { return context.read(join_context_path(directory, name)).value_or(""); };
  if (auto obstacle = obstacle_of_plugins(site, use, text("composer.lock"))) return obstacle;
  const auto manifest = text("composer.json");
  // Others run afterwards, when a project is created, or for packages that are there already: there are none yet.
  for (const auto* event : {"command", "init", "post-dependencies-solving", "post-file-download",
                            "post-package-install", "pre-command-run", "pre-dependencies-solving", "pre-file-download",
                            "pre-install-cmd", "pre-operations-exec", "pre-package-install", "pre-pool-create"})
    if (manifest.find('"' + std::string(event) + '"') != manifest.npos)
      return Declined{std::string("composer.json has a script for `") + event +
                      "`, which runs while packages are installed"};
  return std::nullopt;
}

// `curl https://getcomposer.org/installer | php -- --install-dir=/usr/bin`: without such a directory, or with another
// program, it may write into the project.
Installation installation_of_installer(const ToolUse& use) {
  const auto& words = use.command->words;
  const bool is_told = use.command->piped && std::ranges::any_of(words, [](const ShellWord& word) {
                         return word.raw.starts_with("--install-dir=/");
                       });
  return is_told ? Installation{Declares::names, true} : Installation();
}

}  // namespace

Installation php_installation(const ToolUse& use) {
  if (use.tool->id == "composer-installer") return installation_of_installer(use);
  if (!is_plain_installation(use)) return named_installation(use, false);
  const bool project = use.manifests.empty() && !missing_options(use).empty();
  return {project ? Declares::project : Declares::manifest, false};
}

Outcome<Manifests> php_manifests(const Site& site, const ToolUse& use, const Project& project) {
  return find_plain_manifests(site, use, project,
                              {.file = "composer.json",
                               .lock = "composer.lock",
                               .in_source = "vendor",
                               .obstacle = composer_json_obstacle,
                               .settings = {}});
}

std::optional<DependencyLayer> php_dependency_layer(const Site&, const ToolUse& use) {
  if (!installs_project(use)) return std::nullopt;
  return own_command_layer();
}

Outcome<DependencyStep> php_dependency_step(const Site& site, const ToolUse& use, const Project& project) {
  auto step = own_command_step(site, use, project, missing_options(use));
  if (!step) return step;
  if (auto obstacle = obstacle_of_events(site, use, project.directory)) return *obstacle;
  return step;
}

}  // namespace dockhew::inline ecosystems
