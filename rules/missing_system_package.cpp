// Fires on an installation of a package that the image's release of Debian or Alpine no longer has, and on `apt-key`
// where APT has none: the build ends with "Unable to locate package". A newer tag of the base image often brings this
// about.
#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "ecosystems/system/dropped_packages.hpp"
#include "ecosystems/system/package_sources.hpp"
#include "lint/rule.hpp"
#include "model/failure.hpp"
#include "model/runs.hpp"
#include "model/site.hpp"
#include "text/path.hpp"

namespace dockhew::rules {
namespace {

// `dpkg -i mysql-apt-config.deb`, `apt-get install ./config.deb`, `-o Dir::Etc::SourceList=…`, and what is not known to
// add no source: a script, another program.
bool may_add_source(const Facts& facts, const ShellCommand& command) {
  constexpr std::string_view signs[] = {".deb", "Dir::Etc", "sources.list"};
  const auto has_sign = [&](const ShellWord& word) {
    return std::ranges::any_of(signs, [&](std::string_view sign) { return word.raw.find(sign) != word.raw.npos; });
  };
  if (command.words.empty()) return false;
  if (std::ranges::any_of(command.words, has_sign)) return true;
  const auto* row = facts.unix_command(command.name());
  return command.use == nullptr && !facts.is_bystander(command.name()) && (row == nullptr || row->anything);
}

// What the step has before its first command: files that a COPY brings, a directory of APT, mounts, a script that is
// not known.
bool may_have_sources(const Site& site) {
  const auto& step = site.step;
  constexpr std::string_view system[] = {"/", "/etc"};
  if (step.copy && (!step.copy->destination.is_known() ||
                    std::ranges::find(system, step.copy->destination.text) != std::end(system)))
    return true;
  if (!added_source(site.file.facts(), step).empty() || path_is_under(step.workdir.text, "/etc/apt")) return true;
  if (step.instruction->keyword != Keyword::run) return false;
  if (!step.script || step.script->opaque) return true;
  const auto is_bound = [](const Mount& mount) { return mount.type == Mount::Type::bind; };
  return std::ranges::any_of(step.mounts, is_bound);
}

// The first command of a script after which packages may have another source; past the last without one.
auto first_adding_source(const Facts& facts, const Script& script) {
  const auto adds = [&](const ShellCommand& command) { return may_add_source(facts, command); };
  return std::ranges::find_if(script.commands, adds);
}

// Packages of another source may have any name.
bool may_add_sources(const Site& site) {
  if (may_have_sources(site)) return true;
  const auto* script = site.step.script ? &*site.step.script : nullptr;
  return script != nullptr && first_adding_source(site.file.facts(), *script) != script->commands.end();
}

// Images of databases have the source of their own project, and nothing is known of an image that no table names.
bool has_only_own_sources(const ImageFacts& image) {
  return image.entry != nullptr && !image.only_configured && !image.entry->other_package_sources;
}

// `apk add --repository=https://…/edge/testing`: besides those of the image.
bool names_repository(const ToolUse& use) {
  constexpr std::string_view options[] = {"--repositories-file", "--repository", "-X"};
  return std::ranges::any_of(options, [&](std::string_view option) { return use.has_option(option); });
}

// Of the image, and whether its tag moves: then this one, or a later one. Alpine's own image without a version is on
// the newest.
struct ReleaseNow {
  std::string name;
  bool moves = false, newest = false;
};

ReleaseNow release_now(const ImageFacts& image) {
  constexpr std::string_view newest_alpine = "3.22";  // of May 2025: no later one brings a package back
  if (!image.release.empty()) return {image.release, false};
  if (image.distribution == "alpine" && image.version.empty() && !image.only_configured)
    return {std::string(newest_alpine), true, true};
  return {std::string(image.oldest_release), true};
}

// "Debian trixie, which `python:3.13` is on today"
std::string distribution_now(const Site& site, const ReleaseNow& release) {
  if (release.newest) return "any release of Alpine that is current";
  return std::string(site.stage.image->distribution == "alpine" ? "Alpine " : "Debian ") + release.name +
         (release.moves ? ", which `" + chain_of(site.file, site.stage).back()->base.text + "` is on today" : "");
}

Fix fix_with(Span package, const std::string& name, const DroppedPackage& dropped) {
  Fix fix;
  fix.title = "install `" + std::string(dropped.instead) + '`';
  fix.applicability = dropped.renamed ? Applicability::safe : Applicability::unsafe;
  fix.edits = {{package, std::string(dropped.instead)}};
  if (!dropped.renamed) fix.checklist = {"what needs `" + name + "` works with `" + std::string(dropped.instead) + '`'};
  return fix;
}

void check_use(const Site& site, const ToolUse& use, Report& report) {
  const auto release = release_now(*site.stage.image);
  for (const auto i : use.operands) {
    const auto& word = use.command->words[i];
    if (!word.value.is_known()) continue;
    const auto dropped = find_dropped_package(site.stage.image->distribution, release.name, word.text());
    if (!dropped) continue;
    auto message = '`' + word.text() + "` is not in " + distribution_now(site, release) + ", so this fails; " +
                   std::string(dropped->last) + " was the last release that had it";
    if (!dropped->instead.empty()) message += ", and `" + std::string(dropped->instead) + "` has taken its place";
    const auto span = site.step.script->to_source(word.span);
    auto& finding = report.add(span, std::move(message));
    if (!dropped->instead.empty() && word.raw == word.text())
      finding.fixes.push_back(fix_with(span, word.raw, *dropped));
  }
}

void check_programs(const Site& site, Report& report) {
  const auto release = release_now(*site.stage.image);
  for (const auto& command : site.step.script->commands) {
    if (command.words.empty() || command.conditional || is_failure_caught(*site.step.script, command)) continue;
    const auto instead = instead_of_dropped_program(site.stage.image->distribution, release.name, command.name());
    if (instead.empty()) continue;
    report.add(site.step.script->to_source(command.span), '`' + command.name() + "` is not in " +
                                                              distribution_now(site, release) + ", so this fails; " +
                                                              std::string(instead));
    return;
  }
}

void check_installations(const Site& site, Report& report) {
  const auto& script = *site.step.script;
  const auto adding = first_adding_source(site.file.facts(), script);
  const auto is_before = [&](const ToolUse& use) { return adding == script.commands.end() || use.command < &*adding; };
  for (const auto& use : script.uses)
    if (is_before(use) && use.tool->packages.of_system && use.action->kind == ActionKind::install &&
        !use.command->conditional && !is_failure_caught(script, *use.command) && !names_repository(use))
      check_use(site, use, report);
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages()) {
    // Another value of an argument may stand for another release.
    if (!stage.image || chain_of(file, stage).back()->base_from_argument || !has_only_own_sources(*stage.image))
      continue;
    for (const auto& step : stage.steps) {
      const Site site{file, stage, step};
      if (!step.script || step.script->opaque) continue;
      check_programs(site, report);
      if (may_have_sources(site)) continue;
      if (site.any_earlier({"may add package sources"}, may_add_sources)) break;
      check_installations(site, report);
    }
  }
}

}  // namespace

extern constinit const Rule missing_system_package = {
    .id = "missing-system-package",
    .category = Category::correctness,
    .severity = Severity::error,
    .stops_build = true,
    .summary = "the release of the image no longer has a package",
    .rationale =
        R"(Each release of Debian drops packages: `libgl1-mesa-glx`, `libgdk-pixbuf2.0-0`, `libatlas-base-dev` and
`software-properties-common` are not in trixie, `netcat` and `python` not in bookworm, and most modules of Python 2 not in bullseye. Where the tag moves to the next release, the same line ends the build. Install what has taken the
package's place, or name the release in the tag (`python:3.12-slim-bookworm`). Alpine has had no `python` since 3.12, no
`nodejs-npm` since 3.14, and neither Python 2 nor PHP 7 since 3.16. `apt-key` went with APT 3, in trixie.

It is reported for packages that are known to be gone, and where no step adds a source of packages. A tag that moves, as
`python:3.12`, is on the release that it had in August 2026, or on a later one. The list is from the indices of Debian's archive,
of November 2026.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
