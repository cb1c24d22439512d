// Fires on a cache mount over a directory that the image needs: programs, libraries, what a package manager installs.
// During the RUN they are hidden, and what is installed there is lost afterwards.
#include <algorithm>
#include <optional>
#include <string>

#include "edits/mount_edits.hpp"
#include "effects/accounts.hpp"
#include "lint/rule.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"
#include "text/path.hpp"

namespace dockhew::rules {
namespace {

struct Hidden {
  std::string_view what;
  std::string better;  // a directory below it that can be mounted instead; empty when there is none
};

// Several RUNs that mount the same directory pass its contents on to each other.
bool shared_with_other_steps(const Dockerfile& file, const std::string& target) {
  std::size_t mounts = 0;
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps)
      for (const auto& mount : step.mounts) mounts += mount.type == Mount::Type::cache && mount.target.is(target);
  return mounts > 1;
}

bool is_place(const Site& site, const Tool& tool, const InstalledPlace& place, const std::string& target) {
  const auto is_set = [&](std::string_view name) {
    const auto value = site.variable(name);
    return value.is_known() && !value.text.empty();
  };
  const auto by_variable = [&](std::string_view name) {
    return is_set(name) && clean_path(site.variable(name).text) == target;
  };
  // `/.cargo`, where the image has Cargo in another directory, is not the one of a home.
  const bool elsewhere = std::ranges::any_of(place.variables, is_set);
  const auto by_ending = [&](std::string_view end) { return !elsewhere && target.ends_with(end); };
  const bool named = std::ranges::find(place.paths, target) != place.paths.end() ||
                     std::ranges::any_of(place.endings, by_ending) || std::ranges::any_of(place.variables, by_variable);
  const auto runs = [&](const ToolUse& use) { return use.tool == &tool; };
  return named && (!place.only_of_tool || std::ranges::any_of(site.uses(), runs)) &&
         (!place.passed_on || !shared_with_other_steps(site.file, target));
}

std::optional<Hidden> hidden_by(const Site& site, const std::string& target) {
  for (const auto* system : {"/", "/usr", "/usr/local", "/usr/bin", "/usr/local/bin", "/usr/lib", "/usr/local/lib",
                             "/etc", "/bin", "/lib", "/opt", "/var", "/var/lib", "/home"})
    if (target == system) return Hidden{"a system directory", ""};
  for (const auto& tool : site.file.facts().tools)
    for (const auto& place : tool.installs_into)
      if (is_place(site, tool, place, target))
        return Hidden{place.what, place.mountable.empty() ? "" : target + '/' + std::string(place.mountable)};
  const auto home = home_of(site);
  if (target == "/root" || (home.is_known() && target == home.text)) return Hidden{"the user's home", ""};
  return std::nullopt;
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps)
      for (const auto& mount : step.mounts) {
        // With `from`, the mount itself provides the files.
        if (mount.type != Mount::Type::cache || !mount.target.is_known() || !mount.from.empty()) continue;
        const auto hidden = hidden_by({file, stage, step}, mount.target.text);
        if (!hidden) continue;
        auto& finding = report.add(mount.span, "this mount hides " + std::string(hidden->what) +
                                                   ", and what is installed there is not in the image");
        if (hidden->better.empty()) continue;
        Fix fix;
        fix.title = "mount only what is a cache";
        fix.applicability = Applicability::conditional;
        fix.assumptions.push_back({"only-downloads", "no later RUN relies on anything else in this mount"});
        if (auto edit = set_mount_option(file, mount, "target", hidden->better)) fix.edits.push_back(std::move(*edit));
        else decline(fix, "the flag has quotes or spans several lines");
        finding.fixes.push_back(std::move(fix));
      }
}

}  // namespace

extern constinit const Rule cache_mount_hides_files = {
    .id = "cache-mount-hides-files",
    .category = Category::correctness,
    .severity = Severity::warning,
    .optimizes = true,
    .about_mounts = true,
    .summary = "a cache mount hides files that the image needs",
    .rationale =
        R"(A mount hides what the image has at its target. Over `CARGO_HOME` it hides `cargo` itself; over
`/usr/local/bundle` it hides the image's gems, and gems installed there are lost when the RUN ends; over `node_modules`
the same happens to packages. Mount the directory that holds only downloads: `$CARGO_HOME/registry`, `$GOPATH/pkg/mod`.)",
    .fix = Applicability::conditional,
    .check = check,
};

}  // namespace dockhew::rules
