// The commands with which the official images of PHP compile extensions. Source: docker-library/php, 2026-07-30.
#include "ecosystems/extensions.hpp"

#include <algorithm>

namespace dockhew::inline ecosystems {
namespace {

bool builds_extension(const ShellCommand& command) {
  constexpr std::string_view commands[] = {"docker-php-ext-configure", "docker-php-ext-enable",
                                           "docker-php-ext-install", "docker-php-source"};
  if (std::ranges::find(commands, std::string_view(command.name())) != std::end(commands)) return true;
  constexpr std::string_view verbs[] = {"channel-update", "clear-cache", "install", "update-channels"};
  return command.name() == "pecl" && command.words.size() > 1 &&
         std::ranges::find(verbs, std::string_view(command.words[1].raw)) != std::end(verbs);
}

bool starts_server(const Stage& stage) {
  const auto has = [&](std::string_view part) { return stage.reference.tag.find(part) != std::string::npos; };
  return has("apache") || has("fpm");
}

constexpr std::string_view directories[] = {"/usr/local/etc/php/conf.d/", "/usr/local/lib/php/extensions/"};
constexpr std::string_view build_variables[] = {"$PHPIZE_DEPS", "${PHPIZE_DEPS}"};
constexpr std::string_view companions[] = {"a2disconf", "a2dismod", "a2dissite", "a2enconf",
                                           "a2enmod",   "a2ensite", "php",       "yes"};
constexpr std::string_view tools[] = {"composer", "composer-installer"};
constexpr std::string_view mentions[] = {"docker-php-ext", "install-php-extensions", "pecl", "phpize"};

constexpr ExtensionTools extension_tools = {.builds = builds_extension,
                                            .directories = directories,
                                            .build_variables = build_variables,
                                            .companions = companions,
                                            .tools = tools,
                                            .mentions = mentions,
                                            .starts_server = starts_server};

}  // namespace

const ExtensionTools* extension_tools_of(const Stage& stage) {
  if (!stage.image || stage.parent) return nullptr;
  const auto& names = stage.image->entry->names;
  return std::ranges::find(names, std::string_view("php")) == names.end() ? nullptr : &extension_tools;
}

}  // namespace dockhew::inline ecosystems
