// Fires on a cache mount over the directory that holds the caches of all tools. Some of its contents are not caches:
// browsers, models and environments that later steps need.
#include <algorithm>
#include <string>
#include <vector>

#include "caches/cache_directories.hpp"
#include "edits/mount_edits.hpp"
#include "lint/rule.hpp"
#include "model/site.hpp"
#include "text/path.hpp"

namespace dockhew::rules {
namespace {

// The cache directories below the mount that the RUN's own tools use.
std::vector<std::string> used_below(const Site& site, const Mount& mount) {
  std::vector<std::string> used;
  for (const auto& use : site.step.script->uses) {
    if (!use.uses_cache()) continue;
    for (const auto& directory : cache_directories(site, use))
      if (directory.path.is_known() && path_is_under(directory.path.text, mount.target.text) &&
          std::ranges::find(used, directory.path.text) == used.end())
        used.push_back(directory.path.text);
  }
  return used;
}

Fix narrow(const Site& site, const Mount& mount) {
  Fix fix;
  fix.title = "mount only the caches that this RUN uses";
  fix.applicability = Applicability::conditional;
  const auto used = used_below(site, mount);
  const auto text = std::string(slice(site.file.source(), mount.span));
  const auto edit = used.empty() ? std::nullopt : set_mount_option(site.file, mount, "target", used[0]);
  if (used.empty()) fix.declined = "none of its commands is known to use a cache there";
  else if (!edit || !mount.id.ends_with(mount.target.text)) fix.declined = "the flag has its own id, or quotes";
  if (!fix.declined.empty()) return fix;
  std::string flags;
  for (const auto& path : used) {
    auto flag = text;
    const auto begin = edit->span.begin - mount.span.begin;
    flag.replace(begin, edit->span.size(), path);
    flags += (flags.empty() ? "" : " ") + flag;
  }
  fix.assumptions.push_back({"other-caches", "no other command of this RUN needs what the wider mount held"});
  fix.edits.push_back({mount.span, flags});
  return fix;
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps) {
      if (!step.script) continue;
      for (const auto& mount : step.mounts) {
        if (mount.type != Mount::Type::cache || !mount.target.is_known() || !mount.target.text.ends_with("/.cache"))
          continue;
        auto& finding = report.add(mount.span,
                                   "this directory holds more than caches: browsers, models and environments put there "
                                   "do not reach the image");
        finding.severity = Severity::info;
        finding.fixes.push_back(narrow({file, stage, step}, mount));
      }
    }
}

}  // namespace

extern constinit const Rule cache_mount_too_broad = {
    .id = "cache-mount-too-broad",
    .category = Category::correctness,
    .severity = Severity::info,
    .by_default = false,
    .about_mounts = true,
    .summary = "a cache mount over the caches of all tools",
    .rationale =
        R"(`~/.cache` contains the caches of pip, uv, Go and others, but also Poetry's virtual environments, the
browsers of Playwright and Puppeteer, Hugging Face models, and what pre-commit and Bazelisk install. With a mount over
all of it, they are lost when the RUN ends. Mount each tool's own directory instead: `~/.cache/pip`, `~/.cache/uv`. The rule
is off by default, because most such RUNs put only caches there; what is known to be lost, `cache-mount-hides-files` reports.)",
    .fix = Applicability::conditional,
    .check = check,
};

}  // namespace dockhew::rules
