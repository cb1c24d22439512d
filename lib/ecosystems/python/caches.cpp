#include "ecosystems/python/caches.hpp"

#include <algorithm>
#include <optional>

#include "ecosystems/build_effects.hpp"
#include "effects/accounts.hpp"
#include "effects/effects.hpp"
#include "effects/environment.hpp"
#include "effects/source_copy.hpp"
#include "text/path.hpp"
#include "text/toml.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

// A RUN that tells Poetry about environments: by its configuration, which later uses keep, or by a variable of one
// command, which may make one that later uses find.
bool is_about_environments(const Site& site) {
  const auto names_one = [](const ShellAssignment& assignment) {
    return assignment.name.starts_with("POETRY_VIRTUALENVS") || assignment.name == "VIRTUAL_ENV";
  };
  const auto& script = site.step.script;
  return script && std::ranges::any_of(script->commands, [&](const ShellCommand& command) {
           return (command.name() == "poetry" && command.has_word("config")) ||
                  std::ranges::any_of(command.assignments, names_one);
         });
}

// Poetry creates its environment below its cache unless told otherwise.
bool makes_environment_in_cache(const Site& site, const ShellCommand& poetry) {
  const auto value = [&](std::string_view name) { return environment(site, poetry, name); };
  const auto has_value = [&](std::string_view name) { return value(name).is_known() && !value(name).text.empty(); };
  if (is_switched_off(value("POETRY_VIRTUALENVS_CREATE")) || is_switched_on(value("POETRY_VIRTUALENVS_IN_PROJECT")))
    return false;
  if (has_value("POETRY_VIRTUALENVS_PATH") || has_value("VIRTUAL_ENV")) return false;
  if (site.context().is_known() && site.context().exists("poetry.toml")) return false;
  return !is_about_environments(site) && !site.any_earlier({"is about environments"}, is_about_environments);
}

// ---- uv -------------------------------------------------------------------------------------------------------------

// What `[tool.uv]` of pyproject.toml or uv.toml in the project says; uv.toml takes precedence, whatever it says
// (https://docs.astral.sh/uv/concepts/configuration-files). Where the project is not known, at the context's root.
struct UvSettings {
  std::string file, link_mode;
  bool moves_cache = false;
};

std::optional<std::string> read_beside(const Site& site, const ToolUse& use, const std::string& name) {
  std::optional<std::string> path;
  if (use.command->directory.is_known()) path = file_in_context(site, resolve_path(use.command->directory.text, name));
  return site.context().read(path.value_or(name));
}

UvSettings read_uv_settings(const Site& site, const ToolUse& use) {
  for (const auto* name : {"uv.toml", "pyproject.toml"}) {
    const auto parsed = parse_toml(read_beside(site, use, name).value_or(""));
    if (!parsed || parsed->empty()) continue;
    const bool own = std::string_view(name) == "uv.toml";
    const auto* settings = own ? &*parsed : (*parsed)["tool"]["uv"].as_table();
    if (settings == nullptr) continue;
    return {name, (*settings)["link-mode"].value_or(std::string()), settings->contains("cache-dir")};
  }
  return {};
}

// A flag or a variable has the last word, and is seen elsewhere.
Obstacle uv_settings_obstacle(const Site& site, const ToolUse& use) {
  const auto& command = *use.command;
  const auto told = [&](std::string_view variable) {
    const auto value = environment(site, command, variable);
    return value.is_unknown() || (value.is_known() && !value.text.empty());
  };
  if (use.has_option("--no-config") || is_switched_on(environment(site, command, "UV_NO_CONFIG"))) return std::nullopt;
  const auto settings = read_uv_settings(site, use);
  if (settings.link_mode == "symlink" && !use.has_option("--link-mode") && !told("UV_LINK_MODE"))
    return Declined{"`" + settings.file +
                    "` says `link-mode = \"symlink\"`, so what is installed are links into the cache"};
  if (settings.moves_cache && !use.has_option("--cache-dir") && !told("UV_CACHE_DIR"))
    return Declined{"`" + settings.file + "` says where uv keeps its cache (`cache-dir`)"};
  return std::nullopt;
}

Obstacle uv_option_obstacle(const ToolUse& use) {
  if (use.has_option("--script"))
    return Declined{"`" + use.command->name() + " --script` keeps the environment of the script in the cache"};
  return std::nullopt;
}

// ---- pip ------------------------------------------------------------------------------------------------------------

// Where pip looks for its settings, beside the place that a variable names
// (https://pip.pypa.io/en/stable/topics/configuration/).
std::vector<std::string> places_of_pip_settings(const Site& site, const ShellCommand& command) {
  std::vector<std::string> places = {"/etc/pip.conf", "/etc/xdg/pip/pip.conf", "/usr/local/pip.conf"};
  if (const auto home = home_of(site); home.is_known())
    for (const auto* name : {".pip/pip.conf", ".config/pip/pip.conf"}) places.push_back(resolve_path(home.text, name));
  if (const auto named = environment(site, command, "PIP_CONFIG_FILE"); named.is_known() && !named.text.empty())
    places.push_back(resolve_path(site.step.workdir.text, named.text));
  return places;
}

// The first of the keys that has a value where installations look: `no-cache-dir = true`, `cache_dir: /srv/pip`. pip
// keeps nothing with `no-cache-dir = false` either, in most of its releases.
std::string_view cache_key_in(std::string_view text) {
  constexpr std::string_view sections[] = {"[global]", "[install]", "[download]", "[wheel]"};
  bool read = false;
  for (const auto written : split_lines(text)) {
    const auto line = trim_unicode(written);
    if (line.starts_with('[')) read = std::ranges::find(sections, line) != std::end(sections);
    auto name = to_lower_ascii(trim_unicode(line.substr(0, line.find_first_of("=:"))));
    std::ranges::replace(name, '_', '-');
    for (const std::string_view key : {"no-cache-dir", "cache-dir"})
      if (read && name == key) return key;
  }
  return {};
}

// A mount where nothing is stored would be useless.
Obstacle pip_settings_obstacle(const Site& site, const ToolUse& use) {
  const auto place = environment(site, *use.command, "PIP_CACHE_DIR");
  for (const auto& path : places_of_pip_settings(site, *use.command)) {
    const auto source = file_in_context(site, path);
    const auto key = source ? cache_key_in(site.context().read(*source).value_or("")) : std::string_view();
    if (key.empty() || (key == "cache-dir" && place.is_known() && !place.text.empty())) continue;
    return Declined{"`" + path + "` says " +
                    (key == "cache-dir" ? "where pip keeps its cache" : "that pip keeps none") + " (`" +
                    std::string(key) + "`)"};
  }
  return std::nullopt;
}

// `pip wheel -w /wheels`, `pip download -d /wheels`: the options that say where the packages are put.
constexpr std::string_view collecting_options[] = {"-w", "--wheel-dir", "-d", "--dest"};

bool is_absolute(const Value& value) { return value.is_known() && value.text.starts_with('/'); }

// `pip install --no-index --find-links=/wheels`, where it is the only such directory.
bool installs_only_from(const ShellCommand& command, const std::string& path) {
  if (command.use == nullptr || command.use->tool->id != "pip" || !command.has_word("--no-index")) return false;
  std::size_t places = 0, same = 0;
  for (const std::string_view option : {"-f", "--find-links"})
    for (const auto& value : option_values(command, option)) {
      ++places;
      same += is_absolute(value) && clean_path(value.text) == path;
    }
  return places == 1 && same == 1;
}

std::vector<KeptDirectory> collected_packages(const Site& site) {
  std::vector<KeptDirectory> kept;
  for (const auto& use : site.uses()) {
    if (use.tool->id != "pip" || !(use.command->has_word("wheel") || use.command->has_word("download"))) continue;
    for (const auto option : collecting_options)
      for (const auto& value : option_values(*use.command, option))
        if (is_absolute(value))
          kept.push_back({clean_path(value.text),
                          "the packages needed here are in the cache mount of an earlier RUN, and not in a layer; "
                          "mount it here too",
                          installs_only_from});
  }
  return kept;
}

// ---- PDM ------------------------------------------------------------------------------------------------------------

// PDM links to its cache where it is told to install from there: https://pdm-project.org/latest/reference/configuration
bool links_into_cache(const Site& site) {
  return site.step.script && std::ranges::any_of(site.step.script->commands, [](const ShellCommand& command) {
           return command.name() == "pdm" && command.has_word("config") && command.has_word("install.cache") &&
                  !command.has_word("false") && !command.has_word("off") && !command.has_word("0");
         });
}

}  // namespace

Outcome<std::vector<Assumption>> python_cache_hazards(const Site& site, const Tool& tool) {
  if (tool.id == "pdm" && (links_into_cache(site) || site.any_earlier({"links into cache"}, links_into_cache)))
    return Declined{"`pdm config install.cache` makes what is installed links into the cache"};
  if (tool.id == "uv")
    for (const auto& use : site.uses())
      if (use.tool == &tool)
        if (auto obstacle = uv_option_obstacle(use)) return *obstacle;
  if (tool.id == "pip")
    for (const auto& use : site.uses())
      if (use.tool == &tool && use.uses_cache())
        if (auto obstacle = pip_settings_obstacle(site, use)) return *obstacle;
  if (tool.id == "uv" && site.context().is_known())
    for (const auto& use : site.uses())
      if (use.tool == &tool && use.uses_cache())
        if (auto obstacle = uv_settings_obstacle(site, use)) return *obstacle;
  return std::vector<Assumption>();
}

std::vector<KeptDirectory> python_kept_directories(const Site& site) {
  for (const auto& use : site.uses()) {
    if (use.tool->id != "poetry" || use.action->kind != ActionKind::install) continue;
    if (!makes_environment_in_cache(site, *use.command)) continue;
    auto path = directory_by_variable(site, *use.command, "POETRY_CACHE_DIR", "/.cache/pypoetry") + "/virtualenvs";
    auto what = "Poetry creates its virtual environment in `" + path + "`";
    return {{std::move(path), std::move(what)}};
  }
  return collected_packages(site);
}

}  // namespace dockhew::inline ecosystems
