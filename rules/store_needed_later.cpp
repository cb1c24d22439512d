// Fires where a cache mount holds what a later step needs: NuGet's packages for a build without restore, Poetry's
// virtual environment, the browsers of Playwright. The RUN works, and the image lacks them.
#include <algorithm>
#include <optional>
#include <string>

#include "caches/cache_directories.hpp"
#include "caches/cache_readers.hpp"
#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::rules {
namespace {

bool has_command(const Script& script, std::string_view name, std::string_view word) {
  return std::ranges::any_of(script.commands, [&](const ShellCommand& command) {
    return (command.name() == name || command.has_word(name)) && command.has_word(word);
  });
}

std::string home_of(const Site& site) {
  const auto home = site.home();
  return home.is_known() ? home.text : "/root";
}

std::string directory(const Site& site, std::string_view variable, std::string_view below_home) {
  const auto value = site.variable(variable);
  return value.is_known() && !value.text.empty() ? value.text : home_of(site) + std::string(below_home);
}

bool is_off(const Value& value) { return value.is("false") || value.is("0") || value.is("False"); }
bool is_on(const Value& value) { return value.is("true") || value.is("1") || value.is("True"); }

// Poetry makes its environment below its cache unless it is told otherwise.
bool makes_environment_in_cache(const Site& site) {
  if (is_off(site.variable("POETRY_VIRTUALENVS_CREATE")) || is_on(site.variable("POETRY_VIRTUALENVS_IN_PROJECT")))
    return false;
  if (site.variable("POETRY_VIRTUALENVS_PATH").is_known() && !site.variable("POETRY_VIRTUALENVS_PATH").text.empty())
    return false;
  if (site.variable("VIRTUAL_ENV").is_known() && !site.variable("VIRTUAL_ENV").text.empty()) return false;
  if (site.context().is_known() && site.context().exists("poetry.toml")) return false;
  const auto chooses = [](const Step& any) {
    return any.script && std::ranges::any_of(any.script->commands, [](const ShellCommand& command) {
             if (command.name() == "poetry" && command.has_word("config")) return true;
             return std::ranges::any_of(command.assignments, [](const ShellAssignment& assignment) {
               return assignment.name.starts_with("POETRY_VIRTUALENVS") || assignment.name == "VIRTUAL_ENV";
             });
           });
  };
  return !chooses(site.step) && !site.any_earlier(chooses);
}

void report_loss(const Mount& mount, std::string what, Report& report) {
  auto& finding = report.add(mount.span, what + " under this mount, and is not in the image");
  finding.severity = Severity::error;
}

void check_poetry(const Site& site, Report& report) {
  for (const auto& use : site.step.script->uses) {
    if (use.tool->id != "poetry" || use.action->kind != ActionKind::install) continue;
    const auto path = directory(site, "POETRY_CACHE_DIR", "/.cache/pypoetry") + "/virtualenvs";
    const auto* mount = mount_over(site.step, path);
    if (mount != nullptr && makes_environment_in_cache(site))
      return report_loss(*mount, "Poetry makes its virtual environment in `" + path + "`, which lies", report);
  }
}

// Browsers and the like that an installer puts below ~/.cache.
void check_browsers(const Site& site, Report& report) {
  struct Download {
    std::string_view command, word, variable, below_home, title;
  };
  constexpr Download downloads[] = {
      {"playwright", "install", "PLAYWRIGHT_BROWSERS_PATH", "/.cache/ms-playwright",
       "Playwright puts its browsers into"},
      {"puppeteer", "install", "PUPPETEER_CACHE_DIR", "/.cache/puppeteer", "Puppeteer puts its browsers into"},
      {"cypress", "install", "CYPRESS_CACHE_FOLDER", "/.cache/Cypress", "Cypress puts its program into"},
  };
  for (const auto& download : downloads) {
    if (!has_command(*site.step.script, download.command, download.word)) continue;
    const auto path = directory(site, download.variable, download.below_home);
    if (const auto* mount = mount_over(site.step, path))
      report_loss(*mount, std::string(download.title) + " `" + path + "`, which lies", report);
  }
}

// A build without restore reads the packages; without the mount they are not there.
void check_nuget(const Site& site, Report& report) {
  const auto path = directory(site, "NUGET_PACKAGES", "/.nuget/packages");
  const auto* mount = mount_over(site.step, path);
  if (mount == nullptr || !has_command(*site.step.script, "dotnet", "restore")) return;
  for (const auto& later : site.stage.steps) {
    if (later.index <= site.step.index || !later.script || mount_over(later, path) != nullptr) continue;
    for (const auto& command : later.script->commands) {
      if (command.name() != "dotnet" || !command.has_word("--no-restore")) continue;
      auto& finding =
          report.add(later.script->to_source(command.span),
                     "the packages that this needs are in the cache mount of an earlier RUN; mount it here too");
      finding.severity = Severity::error;
      return;
    }
  }
}

// The directories below mounts of a step into which a tool downloads what its later uses read.
std::vector<std::string> stores_in_mounts(const Site& site, const ToolUse& use) {
  std::vector<std::string> stores;
  if (!use.uses_cache()) return stores;
  for (const auto& directory : cache_directories(site, use))
    if (directory.cache->store && directory.path.is_known() && mount_over(site.step, directory.path.text) != nullptr)
      stores.push_back(directory.path.text);
  return stores;
}

// The first later use of the tool in a stage that has no mount on the directory.
const ToolUse* unmounted_use(const Stage& stage, const Step& after, const Tool& tool, const std::string& directory) {
  for (const auto& step : stage.steps) {
    if (step.index < after.index || !step.script || mount_over(step, directory) != nullptr) continue;
    for (const auto& use : step.script->uses)
      if (use.tool == &tool && use.action->kind == ActionKind::build) return &use;
  }
  return nullptr;
}

// `COPY --from=deps /root/.m2 /root/.m2` takes what a mount has kept out of the layers of that stage.
void check_stores(const Site& site, Report& report) {
  for (const auto& use : site.step.script->uses) {
    const auto stores = stores_in_mounts(site, use);
    if (stores.empty()) continue;
    for (const auto& other : site.file.stages())
      for (const auto& taker : other.steps) {
        if (other.index == site.stage.index || !takes_from(site.file, site.stage, other, taker, stores, true)) continue;
        const auto wanted = unmounted_use(other, taker, *use.tool, stores[0]);
        if (!wanted) continue;
        auto& finding =
            report.add(taker.instruction->head_span(),
                       "what " + std::string(use.tool->title) +
                           " has downloaded is not in what this takes: it is in the "
                           "cache mount on `" +
                           mount_over(site.step, stores[0])->target.text + "` of stage `" +
                           (site.stage.name.empty() ? std::to_string(site.stage.index) : site.stage.name) + "`");
        const bool offline = !wanted->uses_cache();
        finding.severity = offline ? Severity::error : Severity::warning;
        return;
      }
  }
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps) {
      if (!step.script || step.mounts.empty()) continue;
      check_poetry({file, stage, step}, report);
      check_browsers({file, stage, step}, report);
      check_nuget({file, stage, step}, report);
      check_stores({file, stage, step}, report);
    }
}

}  // namespace

extern constinit const Rule store_needed_later = {
    .id = "store-needed-later",
    .category = Category::correctness,
    .severity = Severity::error,
    .about_mounts = true,
    .summary = "a cache mount holds what a later step needs",
    .rationale =
        R"(Some tools keep what they install in the directory that also holds their cache. Poetry makes virtual environments in
`~/.cache/pypoetry/virtualenvs`, unless `virtualenvs.in-project` is set or `virtualenvs.create` is not; Playwright, Puppeteer and
Cypress put browsers below `~/.cache`; NuGet's packages are read by `dotnet publish --no-restore`. With a mount over that directory the
RUN succeeds, and the image lacks them.

A stage that only downloads is another case: `COPY --from=deps /root/.m2 /root/.m2` finds nothing there when that stage has Maven's
repository in a mount.

Mount what is only a cache (`~/.cache/pypoetry/cache` and `…/artifacts`), or let the tool install elsewhere.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
