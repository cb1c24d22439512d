#include "ecosystems/java/dependency_step.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>

#include "ecosystems/java/manifests.hpp"
#include "ecosystems/java/pom.hpp"
#include "ecosystems/plain_manifest.hpp"
#include "model/context_path.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

// With more modules, nobody would keep one COPY for each.
constexpr std::size_t most_modules = 20;

bool reads_variable(std::string_view variable) {
  constexpr std::string_view read[] = {"JAVA", "JDK", "MAVEN", "MVN"};
  return changes_downloads(variable) || starts_with_any(variable, read);
}

// Those of a project and of all its modules.
Outcome<std::vector<std::string>> module_manifests(const BuildContext& context, const Project& project) {
  std::vector<std::string> paths = {join_context_path(project.directory, "pom.xml")};
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const auto text = context.read(paths[i]);
    if (!text) return Declined{"`" + paths[i] + "` is not in the build context"};
    const auto pom = read_pom(*text);
    if (!pom) return pom.declined();
    for (const auto& module : pom->modules) {
      auto path = join_context_path(path_parent(paths[i]), module);
      if (!path.ends_with(".xml")) path = join_context_path(path, "pom.xml");
      if (project.root != "." && !path_is_under(path, project.root))
        return Declined{"`" + path + "`, a module, is not part of what is copied"};
      if (std::ranges::find(paths, path) == paths.end()) paths.push_back(std::move(path));
    }
    if (paths.size() > most_modules)
      return Declined{"the project has more than " + std::to_string(most_modules) +
                      " modules, each of which would need a COPY"};
  }
  return paths;
}

// The words of the build that choose what is downloaded, and from where. `settings` gets the files that they name.
Outcome<std::string> kept_options(const ToolUse& build, std::vector<std::string>& settings) {
  constexpr std::string_view with_value[] = {"-s", "--settings",          "-gs", "--global-settings",
                                             "-P", "--activate-profiles", "-pl", "--projects"};
  constexpr std::string_view alone[] = {"-U",   "-am", "--also-make", "--no-transfer-progress", "--update-snapshots",
                                        "-ntp", "-q",  "--quiet"};
  const auto& words = build.command->words;
  std::string text;
  for (std::size_t i = build.first; i < words.size(); ++i) {
    const std::string_view raw = words[i].raw;
    const bool skips_tests =
        raw.starts_with("-DskipTests") || raw.starts_with("-Dmaven.test.skip") || raw.starts_with("-DskipITs");
    if (std::ranges::find(with_value, raw) != std::end(with_value) && i + 1 < words.size()) {
      const auto& value = words[++i];
      if (raw.find('s') != raw.npos && raw != "--projects" && raw != "--activate-profiles") {
        if (!value.value.is_known()) return Declined{"it is not known which settings `" + std::string(raw) + "` names"};
        settings.push_back(value.text());
      }
      text += ' ' + std::string(raw) + ' ' + value.raw;
    } else if ((raw.starts_with("-D") && !skips_tests) || raw.starts_with("-P") ||
               std::ranges::find(alone, raw) != std::end(alone)) {
      text += ' ' + std::string(raw);
    }
  }
  if (text.find('$') != text.npos)
    return Declined{"the command uses variables that may be set after the source is copied"};
  return text;
}

Obstacle obstacle_of_command(const ToolUse& use) {
  const auto& command = *use.command;
  if (command.nested || command.conditional || command.piped)
    return Declined{"the build is not a top-level command of its RUN"};
  for (const auto* option : {"-f", "--file"})
    if (use.has_option(option))
      return Declined{"`" + std::string(option) + "` names another location for the manifests"};
  return std::nullopt;
}

}  // namespace

// Gradle has no step like it: `gradle dependencies` downloads what describes the libraries, and not the libraries. And
// Maven's brings plugins that the build does not use, so that an image with the store in it would grow.
std::optional<DependencyLayer> java_dependency_layer(const Site& site, const ToolUse& use) {
  if (use.tool->id != "maven" || use.action->kind != ActionKind::build || !use.uses_cache()) return std::nullopt;
  if (site.file.ships(site.stage)) return std::nullopt;
  return DependencyLayer{
      .title = "download the dependencies in a separate layer", .only_downloads = true, .reads = reads_variable};
}

// `-fn`: what cannot be resolved yet, such as another module of the project, is left to the build, which says so if it
// is missing there too.
Outcome<DependencyStep> java_dependency_step(const Site& site, const ToolUse& use, const Project& project) {
  const auto& context = site.context();
  if (!context.is_known()) return Declined{"without the build context, it is not known which modules there are"};
  if (auto obstacle = obstacle_of_command(use)) return *obstacle;
  auto paths = module_manifests(context, project);
  if (!paths) return paths.declined();
  const auto own = present(context, project.directory, use.tool->project.manifests);
  std::vector<std::string> settings;
  auto options = kept_options(use, settings);
  if (!options) return options.declined();
  if (auto obstacle = obstacle_in_maven_settings(context, own)) return *obstacle;
  DependencyStep step;
  step.manifests = own;
  for (auto& path : *paths)
    if (std::ranges::find(own, path) == own.end()) step.manifests.push_back(std::move(path));
  for (const auto& name : settings) {
    if (name.starts_with('/')) continue;
    auto path = join_context_path(project.directory, name);
    if (context.kind(path) != PathKind::file) return Declined{"`" + name + "` is not in the build context"};
    step.manifests.push_back(std::move(path));
  }
  step.commands = {use.command->words[0].raw + " -B -fn" + *options + " dependency:resolve dependency:resolve-plugins"};
  return step;
}

}  // namespace dockhew::inline ecosystems
