// Fires on `npm install` behind a COPY of the lock file: it may change what that says, where `npm ci` installs it or
// stops. The fix is `npm ci`, where the lock file is seen to match package.json. An installation that does not look at
// the lock file at all, as that of a path by Cargo, gets the option that makes it look.
#include <algorithm>
#include <string>

#include "ecosystems/cargo/unlocked_installation.hpp"
#include "ecosystems/node/frozen_lock.hpp"
#include "ecosystems/node/lock_state.hpp"
#include "ecosystems/pruning.hpp"
#include "ecosystems/python/unlocked_sync.hpp"
#include "lint/rule.hpp"
#include "model/site.hpp"
#include "text/path.hpp"

namespace dockhew::rules {
namespace {

bool may_bring_packages(const Step& step, const std::string& project) {
  const auto& copy = step.copy;
  if (!copy || copy->from_context()) return false;
  const auto modules = project + "/node_modules";
  return !copy->destination.is_known() || path_is_under(modules, copy->destination.text) ||
         path_is_under(copy->destination.text, modules);
}

// `npm ci` begins by removing node_modules, with what another installation, another stage or a mount has put there.
bool may_lose_packages(const Site& site, const ToolUse& use) {
  const auto installs = [&](const ToolUse& other) {
    return other.tool == use.tool && other.action->kind == ActionKind::install;
  };
  const auto is_other = [&](const ToolUse& other) { return &other != &use && installs(other); };
  const auto holds_packages = [](const Mount& mount) {
    return mount.target.text.find("node_modules") != std::string::npos;
  };
  if (std::ranges::any_of(site.step.mounts, holds_packages) || std::ranges::any_of(site.uses(), is_other)) return true;
  const auto& project = use.command->directory.text;
  return site.any_earlier({"fills the packages of ", project}, [&](const Site& earlier) {
    return std::ranges::any_of(earlier.uses(), installs) || may_bring_packages(earlier.step, project);
  });
}

Fix use_ci(const Site& site, const ToolUse& use, const Outcome<LockState>& state) {
  Fix fix;
  fix.title = "install with `npm ci`";
  if (!state) return decline(fix, state.reason());
  if (*state == LockState::incomplete)
    return decline(
        fix, "the lock file lacks packages for other platforms, so `npm ci` would stop; make it anew in the project");
  if (may_lose_packages(site, use))
    return decline(fix, "`npm ci` removes `node_modules` first, which something else may have filled");
  const auto& words = use.command->words;
  const auto word =
      std::ranges::find_if(words, [](const ShellWord& each) { return each.raw == "install" || each.raw == "i"; });
  if (word == words.end() || use.command->nested) return decline(fix, "the command is written in an unusual way");
  fix.applicability = Applicability::conditional;
  fix.assumptions = {{"lock-file-by-npm", "npm has written the lock file, and it is consistent in itself"}};
  fix.edits = {{site.step.script->to_source(word->span), "ci"}};
  return fix;
}

// `npm ci || npm install`
bool is_fallback(const Site& site, const ToolUse& use) {
  return std::ranges::any_of(site.uses(), [&](const ToolUse& other) {
    return other.tool == use.tool && other.action->from_scratch && other.command->span.begin < use.command->span.begin;
  });
}

// Adds, after the subcommand, an option that holds the installation to the lock file.
Fix add_option(const Site& site, const ShellWord& subcommand, std::string_view option, Assumption assumption) {
  const auto end = site.step.script->to_source(subcommand.span).end;
  Fix fix;
  fix.title = "add `" + std::string(option) + '`';
  fix.applicability = Applicability::conditional;
  fix.assumptions = {std::move(assumption)};
  fix.edits = {{{end, end}, ' ' + std::string(option)}};
  return fix;
}

// `cargo install --path .`
bool check_installed_path(const Site& site, const ToolUse& use, Report& report) {
  const auto installation = unlocked_installation(site, use);
  if (!installation) return false;
  auto& finding =
      report.add(site.step.script->to_source(use.command->span),
                 "this does not look at the lock file, and compiles the newest versions that fit; `--locked` "
                 "takes those that it names");
  finding.severity = Severity::warning;
  auto fix =
      add_option(site, use.command->words[installation->word], "--locked",
                 {"lock-file-current", "the lock file is up to date with the manifest, whose dependencies it has"});
  if (!installation->has_all) decline(fix, "the lock file was not seen to have all that the manifest asks for");
  finding.fixes.push_back(std::move(fix));
  return true;
}

// `yarn install`, `pnpm install`
bool check_unfrozen(const Site& site, const ToolUse& use, Report& report) {
  const auto unfrozen = unfrozen_installation(site, use);
  if (!unfrozen) return false;
  const auto& words = use.command->words;
  const auto called = "`" + words[0].text() + " install`";
  auto& finding =
      report.add(site.step.script->to_source(words[0].span),
                 unfrozen->has_all
                     ? called +
                           " may take other versions than the lock file says; `--frozen-lockfile` takes just "
                           "those, or fails"
                     : "the lock file does not have all that package.json asks for, so " + called +
                           " chooses versions while the image is built; run it in the project, and keep the new lock "
                           "file");
  if (!unfrozen->has_all) return true;
  auto fix = add_option(site, words[use.first - 1], "--frozen-lockfile",
                        {"lock-file-current", "the lock file is consistent in itself"});
  if (unfrozen->obstacle) decline(fix, unfrozen->obstacle->reason);
  finding.fixes.push_back(std::move(fix));
  return true;
}

// `uv sync`
bool check_unlocked(const Site& site, const ToolUse& use, Report& report) {
  const auto sync = unlocked_sync(site, use);
  if (!sync) return false;
  const auto& words = use.command->words;
  auto& finding = report.add(
      site.step.script->to_source(words[0].span),
      sync->lacks_package
          ? "uv.lock does not have all that pyproject.toml asks for, so `uv sync` chooses versions while the image is "
            "built; run `uv lock` in the project, and keep the new lock file"
          : "`uv sync` may take other versions than uv.lock says; `--locked` takes just those, or fails");
  if (sync->lacks_package) return true;
  auto fix = add_option(site, words[use.first - 1], "--locked",
                        {"lock-file-by-uv", "the uv that wrote uv.lock is not newer than the one in the image"});
  if (sync->obstacle) decline(fix, sync->obstacle->reason);
  finding.fixes.push_back(std::move(fix));
  return true;
}

void check_use(const Site& site, const ToolUse& use, Report& report) {
  if (check_installed_path(site, use, report) || check_unfrozen(site, use, report) || check_unlocked(site, use, report))
    return;
  if (!has_clean_install(site) || !may_change_lock(use) || is_fallback(site, use) || only_prunes(site, use)) return;
  const auto state = lock_state(site, use);
  if (state ? *state == LockState::absent : !site.context().is_known()) return;
  const auto span = site.step.script->to_source(use.command->words[0].span);
  if (state && *state == LockState::differs) {
    report.add(span,
               "the lock file does not match package.json, so `npm install` chooses versions while the image is built; "
               "run it in the project, keep the new lock file, and install with `npm ci` here");
    return;
  }
  if (state && *state == LockState::unreadable) {
    report.add(span,
               "the npm of this image cannot read the lock file, which is of npm 7 or later, so `npm install` chooses "
               "versions while the image is built; take an image with Node.js 16 or later");
    return;
  }
  auto& finding =
      report.add(span, "`npm install` may change what the lock file says; `npm ci` installs just that, or fails");
  finding.fixes.push_back(use_ci(site, use, state));
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps)
      if (step.script && !step.script->opaque)
        for (const auto& use : step.script->uses) check_use({file, stage, step}, use, report);
}

}  // namespace

extern constinit const Rule lock_file_not_enforced = {
    .id = "lock-file-not-enforced",
    .category = Category::reproducibility,
    .severity = Severity::info,
    .optimizes = true,
    .summary = "an installation that may take other versions than the lock file that was copied",
    .rationale =
        R"(`npm install` takes the versions of package-lock.json as long as they fit package.json, and silently chooses
others where they do not. `npm ci` installs exactly what the lock file says, faster, and fails where the two files differ,
so that what was tested is what is built.

The fix is offered if package-lock.json is seen in the build context to declare the same dependencies as package.json and to have
all packages that these ask for. Many lock files lack those for other platforms, and `npm ci` stops at them. The fix
is not offered for workspaces and `overrides`, or where `node_modules` may hold something that `npm ci` would remove.

`yarn install` and `pnpm install` do the same with their own lock files, and stop with `--frozen-lockfile`. That is offered where
the lock file names all that package.json asks for, in the same words.

`uv sync` brings uv.lock up to date where pyproject.toml asks for something else, and stops with `--locked`. That is offered where
both say the same in the same words, and pyproject.toml has no settings of uv.

`cargo install --path .` leaves Cargo.lock alone and compiles the newest versions that fit Cargo.toml, which may not be what was
tested, or ask for a later Rust than the image has. `--locked` takes the versions of the lock file.)",
    .fix = Applicability::conditional,
    .check = check,
};

}  // namespace dockhew::rules
