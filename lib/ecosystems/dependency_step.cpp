#include "ecosystems/dependency_step.hpp"

#include <algorithm>

#include "model/script.hpp"

namespace dockhew::inline ecosystems {

bool starts_with_any(std::string_view name, std::span<const std::string_view> prefixes) {
  return std::ranges::any_of(prefixes, [&](std::string_view prefix) { return name.starts_with(prefix); });
}

bool is_about_program(std::string_view variable) {
  constexpr std::string_view prefixes[] = {"APP_", "BUILD_DATE", "COMMIT", "DATABASE_URL", "GIT_",   "HOST",
                                           "LANG", "LC_",        "PORT",   "TZ",           "VERSION"};
  return starts_with_any(variable, prefixes);
}

bool changes_downloads(std::string_view variable) {
  constexpr std::string_view prefixes[] = {"HTTP", "NO_PROXY", "http", "no_proxy"};
  return variable == "HOME" || variable == "PATH" || starts_with_any(variable, prefixes);
}

DependencyLayer own_command_layer() {
  return {.title = "install the dependencies in a separate layer",
          .own_command = true,
          .writes_project = true,
          .repeats_settings = true,
          .reads = [](std::string_view variable) { return !is_about_program(variable); }};
}

Outcome<DependencyStep> own_command_step(const Site& site, const ToolUse& use, const Project& project,
                                         const std::string& options) {
  if (!site.context().is_known())
    return Declined{"without the build context, it is not known which files the dependencies need"};
  auto manifests = find_manifests(site, use, project);
  if (!manifests) return manifests.declined();
  if (std::ranges::none_of(manifests->paths, [](const std::string& path) { return path.ends_with(".lock"); }))
    return Declined{"there is no lock file, so each installation may choose different versions"};
  const auto& command = *use.command;
  if (command.nested || command.conditional || command.piped || !command.redirects.empty())
    return Declined{"the installation is not a top-level command of its RUN"};
  return DependencyStep{.manifests = std::move(manifests->paths),
                        .needed = {},
                        .commands = {std::string(site.step.script->text.view(command.span)) + ' ' + options},
                        .before_build = {},
                        .assumptions = std::move(manifests->assumptions)};
}

}  // namespace dockhew::inline ecosystems
