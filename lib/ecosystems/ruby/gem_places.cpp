#include "ecosystems/ruby/gem_places.hpp"

#include <algorithm>
#include <iterator>

#include "ecosystems/build_effects.hpp"
#include "effects/environment.hpp"
#include "effects/source_parts.hpp"
#include "model/user.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

bool is_bundle(const ShellCommand& command) { return command.name() == "bundle" || command.name() == "bundler"; }

template <typename Visit>
void for_each_earlier(const Site& site, const ShellCommand& command, const Visit& visit) {
  for (const auto& step : site.stage.steps) {
    if (!step.script || step.index > site.step.index) continue;
    for (const auto& earlier : step.script->commands) {
      if (&earlier == &command) return;
      visit(earlier);
    }
  }
}

// The last setting of a name; undefined without one.
Value last_setting(const Site& site, const ShellCommand& command, std::string_view name) {
  Value value;
  for_each_earlier(site, command, [&](const ShellCommand& earlier) {
    const auto setting = bundle_setting(earlier);
    if (setting && setting->name == name) value = setting->removed ? Value() : setting->value;
  });
  return value;
}

// Settings that nothing depends on that runs later.
bool is_for_installing(const std::string& name) {
  constexpr std::string_view names[] = {"build", "clean",      "jobs",    "no_cache",  "no-cache",
                                        "retry", "no_install", "timeout", "cache_all", "silence_root_warning"};
  if (name.find("://") != name.npos || name.starts_with("mirror.")) return true;
  const auto first = name.substr(0, name.find('.'));
  // `rubygems.pkg.github.com` and its password
  const bool is_host = name.find('.') != name.npos && name != "path.system" && first != "local";
  return is_host || std::ranges::find(names, first) != std::end(names);
}

// Bundler 2.1 writes into the project's settings where there is a Gemfile; older ones into the user's.
bool is_settings_of_project(const Conversion& conversion, const Step& step, const BundleSetting& setting,
                            const ShellCommand& command) {
  if (setting.local) return true;
  if (command.has_word("--global") || !command.directory.is_known()) return false;
  const bool installs_bundler = std::ranges::any_of(conversion.stage.steps, [](const Step& each) {
    return each.script && std::ranges::any_of(each.script->uses, [](const ToolUse& use) {
             return use.tool->id == "gem" && std::ranges::any_of(use.operands, [&](std::size_t i) {
                      return use.command->words[i].raw.starts_with("bundler");
                    });
           });
  });
  const auto& version = conversion.stage.image->version;
  if (installs_bundler || (!version.empty() && !version_at_least(version, "2.7"))) return false;
  return is_brought(conversion.file, conversion.stage, steps_before(conversion.stage, step).size(),
                    command.directory.text, "Gemfile");
}

std::string shell_text(const ShellCommand& command) {
  std::string text;
  for (const auto& word : command.words) text += (text.empty() ? "" : " ") + word.raw;
  return text;
}

// What makes an installation go where it is not looked for.
Obstacle obstacle_of_options(const Site& site, const ToolUse& use) {
  const auto said = [&](std::string_view option) {
    return Declined{"`" + use.command->name() + ' ' + std::string(option) + "` installs to another directory"};
  };
  if (use.tool->id == "gem") {
    for (const auto* option : {"-i", "--install-dir", "-n", "--bindir", "--user-install"})
      if (use.has_option(option)) return said(option);
    return std::nullopt;
  }
  for (const auto* option : {"--binstubs", "--standalone", "--system", "--target-rbconfig"})
    if (use.has_option(option)) return said(option);
  const auto gemfile = environment(site, *use.command, "BUNDLE_GEMFILE");
  if (use.has_option("--gemfile") || gemfile.state != Value::State::undefined)
    return Declined{"the Gemfile has another name, so that its lock file is not read"};
  if (environment(site, *use.command, "BUNDLE_BIN").state != Value::State::undefined)
    return Declined{"`BUNDLE_BIN` says where programs of gems are"};
  return std::nullopt;
}

Obstacle add_directory(const ToolUse& use, const Value& value, GemPlaces& places) {
  if (value.state == Value::State::undefined) return std::nullopt;
  const bool relative = value.is_known() && !value.text.starts_with('/');
  if (value.is_unknown() || value.text.empty() || value.text.starts_with('~') ||
      (relative && !use.command->directory.is_known()))
    return Declined{"where `" + use.command->name() + " install` puts gems is not known"};
  auto path = relative ? resolve_path(use.command->directory.text, value.text) : clean_path(value.text);
  if (path == "/") return Declined{"`" + use.command->name() + " install` puts gems into `/`"};
  if (std::ranges::find(places.directories, path) == places.directories.end())
    places.directories.push_back(std::move(path));
  return std::nullopt;
}

Obstacle add_installation(const Site& site, const ToolUse& use, GemPlaces& places) {
  if (auto obstacle = obstacle_of_options(site, use)) return obstacle;
  const auto home = environment(site, *use.command, "GEM_HOME");
  if (home.state == Value::State::undefined) return Declined{"`GEM_HOME` is not set, which says where gems are"};
  if (auto obstacle = add_directory(use, home, places)) return obstacle;
  if (use.tool->id != "bundler") return std::nullopt;
  const auto settings = environment(site, *use.command, "BUNDLE_APP_CONFIG");
  const bool beside_gems = settings.is_known() && path_is_under(clean_path(settings.text), places.directories.front());
  if (!beside_gems) return Declined{"`BUNDLE_APP_CONFIG` puts the settings of Bundler into another directory"};
  return add_directory(use, bundle_path(site, *use.command), places);
}

}  // namespace

std::optional<BundleSetting> bundle_setting(const ShellCommand& command) {
  if (!is_bundle(command) || command.words.size() < 2 || !command.words[1].value.is("config")) return std::nullopt;
  BundleSetting setting;
  std::vector<const ShellWord*> words;
  bool told = false, tells = false;
  for (std::size_t i = 2; i < command.words.size(); ++i) {
    const auto& word = command.words[i];
    if (word.raw == "--local") setting.local = true;
    else if (word.raw == "--delete") setting.removed = true;
    else if (word.raw.starts_with("--")) continue;
    else if (words.empty() && !told && (word.raw == "set" || word.raw == "unset")) {
      told = true;
      setting.removed |= word.raw == "unset";
    } else if (words.empty() && !told && (word.raw == "get" || word.raw == "list")) tells = told = true;
    else words.push_back(&word);
  }
  if (tells || words.empty() || (words.size() == 1 && !setting.removed)) return setting;
  setting.name = words[0]->value.is_known() ? words[0]->text() : words[0]->raw;
  if (words.size() > 1) setting.value = words[1]->value;
  return setting;
}

Value bundle_path(const Site& site, const ShellCommand& command) {
  auto path = option_value(command, "--path");
  if (path.state == Value::State::undefined) path = last_setting(site, command, "path");
  if (path.state == Value::State::undefined) path = environment(site, command, "BUNDLE_PATH");
  if (path.state != Value::State::undefined) return path;
  const auto is_on = [](const Value& value) { return value.is_known() && !is_switched_off(value); };
  const bool deploys = command.has_word("--deployment") || is_on(last_setting(site, command, "deployment")) ||
                       is_on(environment(site, command, "BUNDLE_DEPLOYMENT"));
  return deploys ? Value::known("vendor/bundle") : path;
}

Outcome<GemPlaces> find_gem_places(const Conversion& conversion) {
  GemPlaces places;
  for (const auto& step : conversion.stage.steps) {
    if (!step.script || step.index > conversion.build.index) continue;
    const Site site{conversion.file, conversion.stage, step};
    for (const auto& use : step.script->uses) {
      if ((use.tool->id != "gem" && use.tool->id != "bundler") || use.action->kind != ActionKind::install) continue;
      if (auto obstacle = add_installation(site, use, places)) return *obstacle;
    }
    for (const auto& command : step.script->commands) {
      const auto setting = bundle_setting(command);
      if (!setting || setting->name.empty() || is_for_installing(setting->name)) continue;
      const bool moves_programs = setting->name == "bin" || setting->name == "gemfile";
      if (moves_programs || (setting->removed && setting->name == "path"))
        return Declined{"`" + first_words(shell_text(command), 60) + "` changes where Bundler looks for gems"};
      if (setting->removed && places.repeated.empty()) continue;
      if (is_settings_of_project(conversion, step, *setting, command)) continue;
      if (!is_root(step.user) || !is_root(conversion.build.user))
        return Declined{"settings of Bundler are in a home directory of the builder"};
      places.repeated.push_back(shell_text(command));
    }
  }
  return places;
}

}  // namespace dockhew::inline ecosystems
