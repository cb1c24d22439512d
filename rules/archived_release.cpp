// Fires where packages are fetched in an image on a release of Debian, Ubuntu or CentOS whose packages are no longer on
// the mirrors: the image's own sources lead nowhere, and the build fails.
#include <algorithm>

#include "ecosystems/command_effects.hpp"
#include "ecosystems/interpreter.hpp"
#include "ecosystems/system/archived_releases.hpp"
#include "effects/context_origins.hpp"
#include "lint/rule.hpp"
#include "model/failure.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"
#include "text/path.hpp"

namespace dockhew::rules {
namespace {

constexpr std::string_view places[] = {"/etc/apt/sources.list", "/etc/apt/sources.list.d/any", "/etc/yum.repos.d/any"};

// `COPY rootfs/ /`, where the directory has etc/apt.
bool brings_sources(const Site& site) {
  if (!site.step.copy) return false;
  return std::ranges::any_of(places, [&](std::string_view place) {
    ContextOrigins origins;
    add_origins(*site.step.copy, std::string(place), origins);
    return origins.given || (!origins.paths.empty() && !site.context().is_known()) ||
           std::ranges::any_of(origins.paths, [&](const std::string& path) {
             return site.context().exists(path) || site.context().exists(std::string(path_parent(path)));
           });
  });
}

// A command of which it is not known that it leaves them alone, such as a script of the project.
bool may_write_sources(const Site& site, const ShellCommand& command) {
  if (command.words.empty() || (command.use != nullptr && command.use->tool->packages.of_system)) return false;
  const auto effects = command_effects(site, command);
  return (effects.writes.may_be_anywhere() && runs_file(command)) ||
         std::ranges::any_of(effects.writes.paths, [](const AffectedPath& written) {
           return std::ranges::any_of(places,
                                      [&](std::string_view place) { return path_is_under(place, written.path); });
         });
}

// `sed -i s/deb.debian.org/archive.debian.org/ /etc/apt/sources.list`
bool names_sources(const Step& step) { return names_package_sources(step.instruction->text.view()); }

bool may_name_sources(const Site& site) {
  if (names_sources(site.step) || brings_sources(site)) return true;
  if (!site.step.script) return false;
  return site.step.script->opaque || std::ranges::any_of(site.step.script->commands, [&](const ShellCommand& command) {
           return may_write_sources(site, command);
         });
}

// The same of the commands before one in its own step.
bool is_prepared(const Site& site, const ShellCommand& until) {
  for (const auto& command : site.step.script->commands) {
    if (&command == &until) break;
    if (may_write_sources(site, command)) return true;
  }
  return false;
}

// What the full form of an image has already is not fetched: `apt-get install -y git`.
bool is_in_base(const Site& site, const ToolUse& use) {
  const auto& facts = site.file.facts();
  return site.stage.image->compilers && !use.operands.empty() && std::ranges::all_of(use.operands, [&](std::size_t i) {
           const auto& word = use.command->words[i];
           return word.value.is_known() &&
                  std::ranges::find(facts.full_image_packages, word.text()) != facts.full_image_packages.end();
         });
}

const ToolUse* first_fetch(const Site& site) {
  for (const auto& use : site.uses()) {
    const auto kind = use.action->kind;
    if (!use.tool->packages.of_system || is_failure_caught(*site.step.script, *use.command)) continue;
    if (kind == ActionKind::refresh || (kind == ActionKind::install && !is_in_base(site, use))) return &use;
  }
  return nullptr;
}

bool fetches(const Site& site) { return site.stage.image && first_fetch(site) != nullptr; }

void check_stage(const Dockerfile& file, const Stage& stage, Report& report) {
  const auto archived = stage.image ? archived_release(*stage.image) : std::nullopt;
  if (!archived) return;
  for (const auto& step : stage.steps) {
    if (!step.script) continue;
    const Site site{file, stage, step};
    const auto* use = first_fetch(site);
    if (use == nullptr) continue;
    if (names_sources(step) || is_prepared(site, *use->command) ||
        site.any_earlier({"may name package sources"}, may_name_sources))
      return;
    if (site.any_earlier({"fetches packages of the system"}, fetches)) return;
    report.add(step.script->to_source(use->command->span),
               "the packages of " + archived->name + " are no longer on its mirrors, so this fails; take " +
                   std::string(archived->successor) + ", or packages from " + std::string(archived->archive));
    return;
  }
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages()) check_stage(file, stage, report);
}

}  // namespace

extern constinit const Rule archived_release = {
    .id = "archived-release",
    .category = Category::correctness,
    .severity = Severity::error,
    .stops_build = true,
    .summary = "packages are fetched for a release that the mirrors no longer have",
    .rationale = R"(Some time after the end of its support, Debian moves the packages of a release from its mirrors to
archive.debian.org, Ubuntu to old-releases.ubuntu.com, and CentOS to vault.centos.org. CentOS ended with release 8 in 2021, and
7 in June 2024. A tag that names a version, as `python:3.6.5`, stays on the release that was current when it was last built.
The images stay where they are, with sources that lead nowhere: `apt-get update` fails with "404 Not Found", and `yum` with "Could
not resolve host: mirrorlist.centos.org", unless a layer from better days is in the cache. A newer base image is the answer; the
archive in the sources keeps an old project building, without security updates.

A name without a version, and an image of your own, say nothing of the release. With `--resolve` the image itself does: its history
begins with what Debian or Ubuntu were made of, unless a later step changes where packages come from.

Reported once for a stage, where packages are first installed. Silent where the file says where they come from, or may: a
directory that is copied has such settings, or a script of the project runs before. There is no fix, because a newer release has
other versions of everything.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
