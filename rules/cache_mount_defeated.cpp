// Fires when a RUN has a cache mount and, in the same RUN, something that empties or bypasses it: a clean-up command, a
// flag, a variable, an installation from scratch, or the `docker-clean` hook of the base image.
#include <algorithm>
#include <iterator>

#include "caches/cache_directories.hpp"
#include "caches/emptied_mounts.hpp"
#include "caches/mount_defeats.hpp"
#include "caches/mount_plan.hpp"
#include "lint/rule.hpp"
#include "model/failure.hpp"
#include "model/site.hpp"
#include "text/words.hpp"

namespace dockhew::rules {
namespace {

// Cache directories of the tool that a mount of this step covers.
std::vector<std::string> mounted_caches(const Site& site, const Tool& tool) {
  std::vector<std::string> mounted;
  for (const auto& use : site.step.script->uses) {
    if (use.tool != &tool || !use.uses_cache()) continue;
    for (const auto& directory : cache_directories(site, use))
      if (directory.path.is_known() && mount_over(site.step, directory.path.text) != nullptr)
        mounted.push_back(directory.path.text);
  }
  return mounted;
}

// `npm ci` below a mount in node_modules.
void check_emptied(const Site& site, Report& report) {
  const auto emptied = find_emptied_mount(site);
  if (!emptied) return;
  const auto& command = *emptied->use->command;
  const auto words = "`" + first_words(site.step.script->text.view(command.span), 60) + "`";
  auto& finding =
      report.add(emptied->mount->span,
                 emptied->inside ? words + " removes what is in `" + emptied->place +
                                       "` first, and fails with EBUSY at this mount, which cannot be removed; "
                                       "let another RUN have the mount, with the command that fills it"
                                 : words + " removes what is in `" + emptied->place +
                                       "` first, so that this mount keeps nothing, and npm 6 fails at it; mount the "
                                       "directory of downloads instead");
  const bool certain = emptied->inside && ends_script(*site.step.script, command);
  if (certain) finding.severity = Severity::error;
}

void check(const Dockerfile& file, Report& report) {
  const bool starts_empty = !file.context().origin().hosted.empty();  // whatever a RUN leaves in it
  for (const auto& stage : file.stages()) {
    for (const auto& step : stage.steps) {
      if (step.instruction->keyword != Keyword::run || !step.script || step.mounts.empty()) continue;
      check_emptied({file, stage, step}, report);
      for (const auto& tool : file.facts().tools) {
        const auto mounted = mounted_caches({file, stage, step}, tool);
        if (mounted.empty()) continue;
        const auto plan = plan_defeat_removal({file, stage, step}, tool, mounted);
        for (std::size_t i = 0; i < plan.defeats.size(); ++i) {
          const auto& defeat = plan.defeats[i];
          const auto says_the_same = [&](const Defeat& other) { return other.message == defeat.message; };
          const auto first = std::ranges::find_if(plan.defeats, says_the_same);
          if (first != plan.defeats.begin() + static_cast<std::ptrdiff_t>(i)) continue;
          auto& finding = report.add(defeat.span, defeat.message);
          if (starts_empty) finding.severity = Severity::off;
          // Of two installations in a RUN, it is said of the first.
          for (auto other = first + 1; other != plan.defeats.end(); ++other)
            if (says_the_same(*other)) finding.related.push_back(other->span);
          Fix fix;
          fix.title = "let " + std::string(tool.title) + " use the cache mount";
          if (!plan.removal) {
            fix.declined = plan.removal.reason();
          } else {
            if (stage.base_from_argument) fix.assumptions.push_back(default_base_image(stage));
            std::ranges::copy(plan.removal->assumptions, std::back_inserter(fix.assumptions));
            fix.applicability = fix.assumptions.empty() ? Applicability::safe : Applicability::conditional;
            fix.edits = plan.removal->edits;
          }
          finding.fixes.push_back(std::move(fix));
        }
      }
    }
  }
}

}  // namespace

extern constinit const Rule cache_mount_defeated = {
    .id = "cache-mount-defeated",
    .category = Category::speed,
    .severity = Severity::warning,
    .optimizes = true,
    .about_mounts = true,
    .once_in = OnceIn::file,
    .summary = "a cache mount is emptied or bypassed in its own RUN",
    .rationale = R"(The contents of a cache mount never reach the image, so there is nothing to clean up:
`rm -rf /var/lib/apt/lists/*` with a mount on that directory only throws away what the next build would have used.
`--no-cache-dir` and `PIP_NO_CACHE_DIR` keep the tool from using its cache at all.

Debian's and Ubuntu's images carry `/etc/apt/apt.conf.d/docker-clean`, an APT hook that deletes every package after it
is installed, so a mount on `/var/cache/apt` stays empty. The fix makes APT keep its packages in `/var/cache/apt/kept`,
which the hook does not empty: `apt-get -o Dir::Cache::Archives=kept install …`. The image stays as it is. With `--resolve=files`
the image itself says whether anything of its APT empties that directory.

`npm ci` removes what is in `node_modules` before it installs. With a mount at `node_modules` the packages of earlier
builds are lost each time, and with one below it (`node_modules/.cache`) the build ends with EBUSY, because a mount point
cannot be removed: an error. Such a mount belongs to the RUN that builds.

`go build -a` compiles all packages again, whatever a mount on Go's build cache has of them.

Silent in files that only hosted runners build, where mounts are empty whenever a build starts.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
