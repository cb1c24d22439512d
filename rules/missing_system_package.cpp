// Fires on an installation of a package that the image's release of Debian no longer has: the build ends with "Unable
// to locate package". A newer tag of the base image often brings this about.
#include <string>
#include <utility>

#include "ecosystems/system/dropped_packages.hpp"
#include "ecosystems/system/package_sources.hpp"
#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "model/site.hpp"

namespace dockhew::rules {
namespace {

// Packages of another source may have any name.
bool may_add_sources(const Site& site) {
  return !added_source(site.file.facts(), site.step).empty() ||
         (site.step.instruction->keyword == Keyword::run && (!site.step.script || site.step.script->opaque));
}

void check_use(const Site& site, const ToolUse& use, Report& report) {
  const auto& image = *site.stage.image;
  const bool moves = image.release.empty();
  const auto release = moves ? std::string(image.oldest_release) : image.release;
  for (const auto i : use.operands) {
    const auto& word = use.command->words[i];
    const auto dropped = word.value.is_known() ? find_dropped_package(release, word.text()) : std::nullopt;
    if (!dropped) continue;
    auto message = '`' + word.text() + "` is not in Debian " + release +
                   (moves ? ", which `" + chain_of(site.file, site.stage).back()->base.text + "` is on today" : "") +
                   ", so this fails; " + std::string(dropped->last) + " was the last release that had it";
    if (!dropped->instead.empty()) message += ", and `" + std::string(dropped->instead) + "` has taken its place";
    report.add(site.step.script->to_source(word.span), std::move(message));
  }
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages()) {
    // Another value of an argument may stand for another release.
    if (!stage.image || stage.image->distribution != "debian" || chain_of(file, stage).back()->base_from_argument)
      continue;
    for (const auto& step : stage.steps) {
      const Site site{file, stage, step};
      if (!step.script || step.script->opaque || may_add_sources(site)) continue;
      if (site.any_earlier({"may add package sources"}, may_add_sources)) break;
      for (const auto& use : step.script->uses)
        if (use.tool->packages.of_system && use.action->kind == ActionKind::install && !use.command->conditional)
          check_use(site, use, report);
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
        R"(Each release of Debian drops packages: `libgl1-mesa-glx` and `software-properties-common` are not in trixie, `netcat` and
`python` not in bookworm. Where the tag moves to the next release, the same line ends the build. Install what has taken the
package's place, or name the release in the tag (`python:3.12-slim-bookworm`).

It is reported for packages that are known to be gone, and where no step adds a source of packages. A tag that moves, as
`python:3.12`, is on the release that it had in August 2026, or on a later one. The list is from the indices of Debian's archive,
of November 2026.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
