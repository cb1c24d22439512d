#include "ecosystems/java/caches.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "ecosystems/java/packaging.hpp"
#include "effects/accounts.hpp"
#include "effects/effects.hpp"
#include "effects/source_copy.hpp"
#include "model/context_path.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

using Hazards = Outcome<std::vector<Assumption>>;

// A file of the image, if a COPY brings it from the context.
struct Settings {
  bool copied = false;
  std::optional<std::string> text;  // as far as the context is known
};

bool brings(const Copy& copy, const std::string& path) {
  if (!copy.from_context() || !copy.destination.is_known()) return false;
  // `COPY ci/settings.xml /root/.m2/settings.xml`
  if (copy.destination.is(path) || context_directory(copy, path_parent(path))) return true;
  return copy.directory && path_parent(path) == copy.destination.text &&
         std::ranges::any_of(
             copy.sources, [&](const CopySource& source) { return path_basename(source.text) == path_basename(path); });
}

Settings read_settings(const Site& site, const std::string& path) {
  Settings settings;
  settings.copied = site.any_earlier(
      {"copies ", path}, [&](const Site& earlier) { return earlier.step.copy && brings(*earlier.step.copy, path); });
  const auto source = settings.copied ? file_in_context(site.file, site.stage, path) : std::nullopt;
  if (source) settings.text = site.context().read(*source);
  return settings;
}

bool works_offline(const std::string& settings) { return settings.find("<offline>true</offline>") != settings.npos; }
bool moves_repository(const std::string& settings) { return settings.find("<localRepository>") != settings.npos; }

// `mvn -s FILE`: the settings may move the repository, and those of the image of Maven do.
Obstacle named_settings(const Site& site, const ToolUse& use, std::vector<Assumption>& assumptions) {
  const auto& command = *use.command;
  for (const auto* option : {"-s", "--settings", "-gs", "--global-settings"})
    for (const auto& value : option_values(command, option)) {
      const bool placed = value.is_known() && (value.text.starts_with('/') || command.directory.is_known());
      const Declined unknown{"`" + std::string(option) +
                             "` names settings that are not known, and may move the repository"};
      if (!placed) return unknown;
      const auto directory = command.directory.is_known() ? command.directory.text : std::string("/");
      const auto settings = read_settings(site, resolve_path(directory, value.text));
      if (!settings.copied) return unknown;
      if (settings.text && works_offline(*settings.text))
        return Declined{"the settings that `" + std::string(option) + "` names make Maven work offline"};
      if (settings.text && moves_repository(*settings.text))
        return Declined{"the settings that `" + std::string(option) + "` names move the repository"};
      if (!settings.text)
        assumptions.push_back({"repository-in-place", "`" + value.text + "` does not move Maven's local repository"});
    }
  return std::nullopt;
}

// `.mvn/maven.config` has options for each command, a word on a line or several.
bool moves_repository_by_options(const Site& site, const ToolUse& use) {
  if (!use.command->directory.is_known()) return false;
  const auto options = read_settings(site, resolve_path(use.command->directory.text, ".mvn/maven.config"));
  return options.text && options.text->find("-Dmaven.repo.local") != std::string::npos;
}

}  // namespace

Hazards java_cache_hazards(const Site& site, const Tool& tool) {
  std::vector<Assumption> assumptions;
  if (const auto build_file = names_store_in_class_path(site.context()); !build_file.empty())
    return Declined{"the archive takes libraries from the cache when it runs, as `" + build_file + "` says"};
  if (tool.id != "maven") return assumptions;
  for (const auto& use : site.uses())
    if (use.tool == &tool) {
      if (auto obstacle = named_settings(site, use, assumptions)) return *obstacle;
      if (moves_repository_by_options(site, use))
        return Declined{"`.mvn/maven.config` moves the repository (`-Dmaven.repo.local`)"};
    }
  const auto home = home_of(site);
  const auto own = read_settings(site, (home.is_known() ? home.text : "/root") + "/.m2/settings.xml");
  const auto path = (home.is_known() ? home.text : "/root") + "/.m2/settings.xml";
  if (const auto source = file_in_context(site.file, site.stage, path))
    if (const auto text = site.context().read(*source); text && works_offline(*text))
      return Declined{"`~/.m2/settings.xml` makes Maven work offline, with what an earlier layer contains"};
  if (own.text && moves_repository(*own.text)) return Declined{"`~/.m2/settings.xml` moves the repository"};
  return assumptions;
}

}  // namespace dockhew::inline ecosystems
