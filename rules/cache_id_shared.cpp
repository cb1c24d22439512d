// Fires on a cache mount whose store is shared with something incompatible: another tool, another distribution, or an
// unrelated project that happens to build in a directory of the same name.
#include <algorithm>
#include <map>
#include <string>

#include "caches/cache_directories.hpp"
#include "caches/cache_stores.hpp"
#include "edits/mount_edits.hpp"
#include "lint/rule.hpp"
#include "model/site.hpp"
#include "text/path.hpp"

namespace dockhew::rules {
namespace {

struct User {
  const Tool* tool = nullptr;  // null when the mount covers none of the tools' caches
  std::string distribution;    // empty when it is not known
};

User user_of(const Site& site, const Mount& mount) {
  User user;
  if (site.stage.image) user.distribution = site.stage.image->distribution;
  if (!site.step.script) return user;
  for (const auto& use : site.step.script->uses)
    for (const auto& directory : cache_directories(site, use))
      if (directory.path.is_known() && path_is_under(directory.path.text, mount.target.text)) user.tool = use.tool;
  return user;
}

Fix rename(const Dockerfile& file, const Mount& mount, std::string_view id) {
  Fix fix;
  fix.title = "give it its own id";
  fix.applicability = Applicability::safe;
  if (auto edit = set_mount_option(file, mount, "id", std::string(id))) fix.edits.push_back(std::move(*edit));
  else fix.declined = "the flag has quotes or spans several lines";
  return fix;
}

// `/usr/src/registry` is a name of its own, and `/app` one of many projects.
bool names_project(std::string_view directory) {
  constexpr std::string_view usual[] = {
      "",       "api",  "app",  "application", "apps",    "backend", "build", "builder", "code",    "crate",
      "crates", "home", "main", "opt",         "project", "repo",    "root",  "server",  "service", "services",
      "source", "src",  "srv",  "tmp",         "usr",     "volume",  "web",   "work",    "workdir", "workspace"};
  return std::ranges::find(usual, path_basename(directory)) == std::end(usual);
}

// A tool's build directory, below whatever directory the project was copied to: `/app/target` of all projects is one.
bool is_build_directory(const Step& step, const Mount& mount) {
  const auto name = path_basename(mount.target.text);
  return mount.id == mount.target.text && step.script && !names_project(path_parent(mount.target.text)) &&
         std::ranges::any_of(step.script->uses,
                             [&](const ToolUse& use) { return use.tool->project.build_directory == name; });
}

void check(const Dockerfile& file, Report& report) {
  if (!file.context().origin().hosted.empty()) return;  // its builder has no other projects, and keeps nothing
  std::map<std::string, User> first;                    // the key by which BuildKit tells stores apart
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps)
      for (const auto& mount : step.mounts) {
        if (mount.type != Mount::Type::cache || !mount.target.is_known()) continue;
        const auto user = user_of({file, stage, step}, mount);
        if (is_build_directory(step, mount)) {
          if (!first.try_emplace(mount.cache_key(), user).second) continue;
          auto& finding = report.add(mount.span, "every project that builds in `" + mount.target.text +
                                                     "` on this builder shares this build directory; an `id=` with the "
                                                     "project's name keeps them apart");
          finding.severity = Severity::info;
          continue;
        }
        const auto [entry, is_new] = first.try_emplace(mount.cache_key(), user);
        if (is_new || user.tool == nullptr || entry->second.tool == nullptr) continue;
        const auto& other = entry->second;
        // yum is another name for DNF on some releases, and both keep the same files.
        const bool same_kind = other.tool->packages.of_system && user.tool->packages.of_system;
        if (other.tool != user.tool && !same_kind) {
          auto& finding =
              report.add(mount.span, "this mount uses the same store as that of " + std::string(other.tool->title) +
                                         " above, so each sees the files of the other");
          finding.fixes.push_back(rename(file, mount, user.tool->id));
        } else if (is_for_one_distribution(*user.tool) && !user.distribution.empty() && !other.distribution.empty() &&
                   user.distribution != other.distribution) {
          auto& finding =
              report.add(mount.span, "this store is also used on " + other.distribution + ", but what " +
                                         std::string(user.tool->title) + " keeps there fits only one distribution");
          finding.fixes.push_back(rename(file, mount, store_id(*user.tool, mount.target.text, user.distribution)));
        }
      }
}

}  // namespace

extern constinit const Rule cache_id_shared = {
    .id = "cache-id-shared",
    .category = Category::correctness,
    .severity = Severity::warning,
    .optimizes = true,
    .about_mounts = true,
    .summary = "a cache mount shares its store with something incompatible",
    .rationale =
        R"(Cache mounts with the same `id` (the target, unless one is given) are one directory on the builder, shared by
all stages, all Dockerfiles and all projects. Two tools in one store get in each other's way; packages and compiled
wheels of one distribution are useless on another, or fail there; and two projects that both build in `/app` compile
into one `target`, where one may pick up the other's program.

An `id=` that names the tool and the distribution, or the project, keeps them apart. The fix renames the store, which
therefore starts empty once. The Dockerfile does not say what the project is called, so that name is up to you.

Silent in files that only hosted runners build, where mounts are empty whenever a build starts.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
