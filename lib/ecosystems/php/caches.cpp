#include "ecosystems/php/caches.hpp"

#include <algorithm>

namespace dockhew::inline ecosystems {
namespace {

// `composer global require laravel/installer`, `composer config -g github-oauth.github.com …`
bool uses_home(const Site& site) {
  return std::ranges::any_of(site.uses(), [](const ToolUse& use) {
    const auto& command = *use.command;
    return use.tool->id == "composer" &&
           (command.has_word("global") ||
            (command.has_word("config") && (command.has_word("-g") || command.has_word("--global"))));
  });
}

}  // namespace

// Composer's home is `~/.config/composer` on systems with `/etc/xdg`, unless there is a `~/.composer`, which a mount
// below it makes. Source: Composer's Factory::getHomeDir. The images of PHP and Composer have no `/etc/xdg`.
Outcome<std::vector<Assumption>> php_cache_hazards(const Site& site, const Tool& tool) {
  if (tool.id != "composer" || site.variable("COMPOSER_HOME").is_known()) return std::vector<Assumption>();
  const auto& image = site.stage.image;
  if (image && (image->entry->names.front() == "php" || image->entry->names.front() == "composer"))
    return std::vector<Assumption>();
  if (!uses_home(site) && !site.any_earlier({"uses the home of composer"}, uses_home) &&
      !site.any_later({"uses the home of composer"}, uses_home))
    return std::vector<Assumption>();
  return Declined{
      "a mount there makes `~/.composer`, and Composer would take that for its home instead of `~/.config/composer`, "
      "where the file's global packages or settings may be; set COMPOSER_HOME"};
}

}  // namespace dockhew::inline ecosystems
