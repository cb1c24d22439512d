// Fires on a build that neither imports nor exports a cache, on a machine that has none of its own: a hosted runner, or
// whoever builds a Compose file anew. The fix adds the entries to the YAML file.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "ecosystems/system/installed_packages.hpp"
#include "effects/unix_effects.hpp"
#include "lint/build_file.hpp"
#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "model/tool_use.hpp"
#include "text/utf8.hpp"

namespace dockhew::rules {
namespace {

// What a cache would spare.
bool has_run(const Dockerfile& file) {
  if (!file.document().errors().empty()) return false;
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps)
      if (step.instruction->keyword == Keyword::run) return true;
  return false;
}

// An image that takes nothing from the context and clones what it builds is built to get what is new there: kept layers
// would have the old source for ever.
bool fetches_what_is_new(const Dockerfile& file) {
  if (takes_from_context(file)) return false;
  return std::ranges::any_of(file.stages(), [&](const Stage& stage) {
    return std::ranges::any_of(stage.steps, [&](const Step& step) {
      return step.script && std::ranges::any_of(step.script->commands, [&](const ShellCommand& command) {
               return has_operands(file.facts(), command, {Operands::cloned});
             });
    });
  });
}

// "registry.example.org:5000/app:${TAG:-1}" without its tag or digest. Nothing where no owner or registry is named: the
// name is one that only this machine knows.
std::optional<std::string> repository_of(std::string_view image) {
  std::size_t depth = 0, end = image.size(), slash = image.npos;
  for (std::size_t i = 0; i < image.size(); ++i) {
    if (image.substr(i).starts_with("${")) ++depth;
    else if (image[i] == '}' && depth > 0) --depth;
    else if (depth == 0 && image[i] == '/') slash = i, end = image.size();
    else if (depth == 0 && (image[i] == ':' || image[i] == '@') && end == image.size()) end = i;
  }
  // A comma would begin another field of the entry.
  const bool plain = std::ranges::all_of(image, [](char c) {
    return c > ' ' && c < 0x7f && std::string_view("\"'#,\\").find(c) == std::string_view::npos;
  });
  if (slash == image.npos || end <= slash + 1 || !plain) return std::nullopt;
  return std::string(image.substr(0, end));
}

// Words with hyphens between them. An expression, `${{ env.STAGE }}`, stays as it is.
std::string as_scope(std::string_view text) {
  std::string scope;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto end = text.compare(i, 3, "${{") == 0 ? text.find("}}", i) : text.npos;
    const bool word = ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9');
    if (end != text.npos) scope += text.substr(i, end + 2 - i), i = end + 1;
    else if (word) scope += c;
    else if (!scope.empty() && scope.back() != '-') scope += '-';
  }
  while (scope.ends_with('-')) scope.pop_back();
  return scope;
}

// Whether a build keeps its layers in GitHub's cache, or is to be told to.
bool may_use_hosted_cache(const DeclaredBuild& build) {
  return std::ranges::any_of(build.cache_to, [](const SaidValue& said) { return said.text.starts_with("type=gha"); }) ||
         (!build.has_cache && build.hosted);
}

// What tells a build from those of the same stage that keep other layers, for other platforms or with other arguments:
// in one scope, only the layers of the last one would be left. The builds of a job go from one to the next.
std::string distinction_of(const BuildFile& file, const DeclaredBuild& build) {
  bool platforms = false, jobs = false, files = false;
  const auto compare = [&](const DeclaredBuild& other, bool& arguments) {
    if (other.path != build.path || other.target != build.target || !may_use_hosted_cache(other)) return;
    const bool same = other.platforms == build.platforms, known = build.platforms.find('$') == std::string::npos;
    if (!same && known) platforms = true;
    else if (!same || other.given_arguments != build.given_arguments) arguments = true;
  };
  for (const auto& other : file.builds)
    if (other.job != build.job) compare(other, jobs);
  for (const auto& other : file.elsewhere) compare(other, files);
  return (platforms ? '-' + build.platforms : "") + (files ? '-' + file.name : "") + (jobs ? '-' + build.job : "");
}

// "services/api/Dockerfile" → "services-api": builds that share a scope of GitHub's cache overwrite each other's.
std::string scope_of(const BuildFile& file, const DeclaredBuild& build) {
  auto scope = as_scope(build.path_in_project + (build.target.empty() ? "" : "-" + build.target));
  if (scope.ends_with("-Dockerfile")) scope.resize(scope.size() - std::string_view("-Dockerfile").size());
  return as_scope((scope == "Dockerfile" ? "" : scope) + distinction_of(file, build));
}

Fix add_entries(const BuildFile& file, const DeclaredBuild& build, std::string_view from, std::string_view to) {
  Fix fix;
  fix.title = file.kind == BuildFile::Kind::workflow ? "keep the layers in the cache of GitHub Actions"
                                                     : "import and export a cache";
  if (!build.entries) {
    fix.declined = "the block is not written line by line, or is shared with another build";
    return fix;
  }
  const auto& newline = file.newline;
  const auto& indentation = build.entries->indentation;
  const auto entry = [&](std::string_view key, std::string_view value) {
    const bool list = file.kind == BuildFile::Kind::compose;
    return indentation + std::string(key) + ':' + (list ? newline + indentation + "  - " : " ") + std::string(value) +
           newline;
  };
  const bool workflow = file.kind == BuildFile::Kind::workflow;
  fix.edits.push_back({build.entries->span, build.entries->before +
                                                entry(workflow ? "cache-from" : "cache_from", from) +
                                                entry(workflow ? "cache-to" : "cache_to", to)});
  return fix;
}

bool has_upgrade(const Dockerfile& file) {
  bool found = false;
  for_each_script(file, [&](const Stage&, const Step& step) {
    found |= std::ranges::any_of(step.script->uses, [](const ToolUse& use) { return upgrades_distribution(use); });
  });
  return found;
}

Fix fix_of_workflow(const BuildFile& file, const DeclaredBuild& build) {
  const auto scope = scope_of(file, build);
  const auto entry = "type=gha" + (scope.empty() ? "" : ",scope=" + scope);
  auto fix = add_entries(file, build, entry, entry + ",mode=max");
  fix.applicability = Applicability::conditional;
  if (!build.can_export && !build.old_container.empty())
    return decline(fix, "`" + build.old_container +
                            "`, in which the job runs, may have a Buildx that is too old for it: let "
                            "docker/setup-buildx-action take `version: latest`");
  if (!build.can_export)
    return decline(fix,
                   "no step before it sets up, in every run, a builder that can export this cache: add "
                   "docker/setup-buildx-action, "
                   "with Buildx 0.21 and BuildKit 0.20 or later");
  if (build.in_matrix)
    return decline(fix, "the builds of a matrix would overwrite each other's cache; give each a `scope` of its own");
  if (!fix.declined.empty()) return fix;
  fix.assumptions = {
      {"actions-cache", "the workflow may use the cache of GitHub Actions, which keeps 10 GB a repository"}};
  if (build.dockerfile && has_upgrade(*build.dockerfile))
    fix.assumptions.push_back({"upgrades-with-base-image",
                               "packages need only be brought up to date with a new base image: a layer that is kept "
                               "has those of its day (`no-cache-filters: STAGE` makes a stage anew)"});
  return fix;
}

// What Compose takes as the name of a service, unless it is a path to somewhere else.
bool names_directory(std::string_view service) {
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  return service.find_first_not_of('.') != service.npos && service.find_first_not_of(allowed) == service.npos;
}

Fix fix_of_service(const BuildFile& file, const DeclaredBuild& build, CacheExport place) {
  const auto repository = repository_of(build.image);
  const bool local = place == CacheExport::local;
  const auto directory = "/tmp/buildx-cache/" + build.name;
  auto fix = local
                 ? add_entries(file, build, "type=local,src=" + directory, "type=local,dest=" + directory + ",mode=max")
                 : add_entries(file, build, "type=registry,ref=" + repository.value_or("") + ":buildcache",
                               "type=registry,ref=" + repository.value_or("") + ":buildcache,mode=max");
  if (local && !names_directory(build.name)) return decline(fix, "the name of the service is none that Compose takes");
  if (!local && !repository)
    return decline(fix, build.image.empty() ? "the service has no `image:` that would name a registry"
                                            : "its `image:` names no registry and no owner");
  if (!fix.declined.empty()) return fix;
  std::vector<Assumption> needs = {{"cache-export",
                                    "the builder can export a cache: Docker's own one only with the containerd image "
                                    "store, else `docker buildx create --use`"}};
  if (!local) needs.push_back({"registry-access", "whoever builds may push to `" + *repository + "`"});
  if (place != CacheExport::unsaid) {
    fix.applicability = Applicability::conditional;
    fix.assumptions = std::move(needs);
    return fix;
  }
  fix.applicability = Applicability::display_only;
  for (auto& need : needs) fix.checklist.push_back(std::move(need.sentence));
  fix.checklist.emplace_back("`--cache-export registry` writes this, `--cache-export local` a directory instead");
  return fix;
}

// Somewhere to keep a cache: somebody has asked for one, or pushes this image. To export one where nobody may push
// would make every build fail.
bool has_place(const DeclaredBuild& build, CacheExport place) {
  return place != CacheExport::unsaid || (build.pushed && repository_of(build.image).has_value());
}

// Whether the same machine has built the same before: it is pushed after it has been tested.
bool is_repeated(const BuildFile& file, const DeclaredBuild& build) {
  for (const auto& other : file.builds) {
    if (&other == &build) return false;
    if (!build.job.empty() && other.job == build.job && other.path == build.path && other.target == build.target)
      return true;
  }
  return false;
}

void check(const BuildFile& file, Report& report) {
  const auto place = report.options().cache_export;
  for (const auto& build : file.builds) {
    if (build.has_cache || build.block.text.empty() || !build.dockerfile || !has_run(*build.dockerfile) ||
        fetches_what_is_new(*build.dockerfile))
      continue;
    if (file.kind == BuildFile::Kind::workflow && build.hosted && !is_repeated(file, build)) {
      auto& finding = report.add(build.block.span,
                                 "the machine is new for every run, and without cache-from and cache-to it "
                                 "runs every step of `" +
                                     build.path + "` again");
      finding.fixes.push_back(fix_of_workflow(file, build));
    } else if (file.kind == BuildFile::Kind::compose && has_place(build, place)) {
      auto& finding = report.add(build.block.span, "`" + build.name +
                                                       "` has no cache_from and cache_to, so a machine "
                                                       "without local cache runs every step of `" +
                                                       build.path + "` again");
      finding.fixes.push_back(fix_of_service(file, build, place));
    }
  }
}

}  // namespace

extern constinit const Rule missing_build_cache = {
    .id = "missing-build-cache",
    .category = Category::speed,
    .severity = Severity::info,
    .by_default = false,
    .optimizes = true,
    .summary = "a build that imports and exports no cache",
    .rationale =
        R"(A builder keeps the layers of earlier builds on its own machine. A hosted runner is new for every run, so it starts from
nothing unless a cache comes from elsewhere: `cache-from` and `cache-to` with GitHub's own cache in a workflow, a registry
or a directory in a Compose file. `mode=max` keeps the layers of all stages, not only those of the final one.

Builds of one stage for other platforms, or with other arguments, get scopes of their own in GitHub's cache.

In a workflow the fix needs docker/setup-buildx-action before the build. In a Compose file it needs a builder that can
export a cache and, for a registry, the right to push there: who has not, cannot build any more. So it is only shown, and
only where a workflow of the repository logs in and pushes an image of that name; `optimize --cache-export registry` or
`--cache-export local` writes it.)",
    .fix = Applicability::conditional,
    .check_builds = check,
};

}  // namespace dockhew::rules
