#include "ecosystems/python/caches.hpp"

#include <algorithm>

#include "effects/environment.hpp"

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

}  // namespace

std::vector<KeptDirectory> python_kept_directories(const Site& site) {
  for (const auto& use : site.uses()) {
    if (use.tool->id != "poetry" || use.action->kind != ActionKind::install) continue;
    if (!makes_environment_in_cache(site, *use.command)) continue;
    auto path = directory_by_variable(site, *use.command, "POETRY_CACHE_DIR", "/.cache/pypoetry") + "/virtualenvs";
    auto what = "Poetry creates its virtual environment in `" + path + "`";
    return {{std::move(path), std::move(what)}};
  }
  return {};
}

}  // namespace dockhew::inline ecosystems
