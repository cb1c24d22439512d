#include "ecosystems/php/installer.hpp"

#include <algorithm>

#include "ecosystems/build_effects.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view setup = "composer-setup.php";

// `php -r "copy('https://getcomposer.org/installer', 'composer-setup.php');"`, and what checks and removes the file.
bool handles_installer(std::string_view code) {
  constexpr std::string_view others[] = {"eval(", "exec(",   "include", "passthru(",        "popen(",
                                         "proc_", "require", "system(", "file_put_contents"};
  const auto has = [&](std::string_view word) { return code.find(word) != code.npos; };
  return has(setup) && (has("getcomposer.org/installer") || has("hash_file(") || has("unlink(")) &&
         std::ranges::none_of(others, has);
}

// `php -- --install-dir=/usr/local/bin --filename=composer`, fed with the installer, or `php composer-setup.php …`.
std::optional<Effects> installation(const ShellCommand& command) {
  if (!std::ranges::all_of(command.words, [](const ShellWord& word) { return word.value.is_known(); }))
    return std::nullopt;
  const bool fed = command.piped && command.words[1].value.is("--");
  const bool named = command.words[1].text() == setup;
  const auto directory = option_value(command, "--install-dir"), name = option_value(command, "--filename");
  if ((!fed && !named) || !directory.is_known()) return std::nullopt;
  Effects effects;
  if (named) add_value(effects.reads, command, Value::known(std::string(setup)));
  const auto program = name.is_known() ? name.text : std::string("composer.phar");
  add_value(effects.writes, command, Value::known(clean_path(directory.text + '/' + program)));
  return effects;
}

}  // namespace

std::optional<Effects> composer_installer_effects(const Script&, const ShellCommand& command) {
  if (command.name() != "php" || command.words.size() < 2) return std::nullopt;
  if (!command.words[1].value.is("-r")) return installation(command);
  if (command.words.size() != 3 || !command.words[2].value.is_known() || !handles_installer(command.words[2].text()))
    return std::nullopt;
  Effects effects;
  const auto file = Value::known(std::string(setup));
  const auto& code = command.words[2].text();
  const bool fetches = code.find("copy(") != code.npos;
  add_value(fetches ? effects.writes : effects.reads, command, file);
  if (code.find("unlink(") != code.npos) add_value(effects.removes, command, file);
  return effects;
}

}  // namespace dockhew::inline ecosystems
