// Fires on an installation whose lock file lies beside the manifest in the build context and is not copied with it: the
// image then gets the newest versions that the manifest allows, whichever day it is built.
#include <algorithm>
#include <optional>
#include <set>
#include <string>

#include "ecosystems/installation.hpp"
#include "ecosystems/manifests.hpp"
#include "effects/source_parts.hpp"
#include "lint/rule.hpp"
#include "model/context_path.hpp"
#include "model/site.hpp"
#include "text/path.hpp"

namespace dockhew::rules {
namespace {

// Whether the use takes what the manifests declare: `cargo build` does, `npm run build` does not.
bool reads_manifests(const ToolUse& use) {
  const auto kind = use.action->kind;
  return kind == ActionKind::fetch || installs_own_manifest(use) ||
         (kind == ActionKind::build && use.tool->cost.compiles_dependencies);
}

// The COPY before a step that brings a path of the context by its name, and which of its sources does.
struct Bringer {
  const Step* step = nullptr;
  const CopySource* source = nullptr;
};

// `package.json`, `package*.json`, but not `.`, which brings all.
bool brings(const BuildContext& context, const CopySource& source, const std::string& path) {
  if (path_basename(source.text) == path_basename(path)) return true;
  if (source.text.find_first_of("*?[") == source.text.npos) return false;
  const auto all = context.expand(clean_path("/" + source.text).substr(1));
  return std::ranges::find(all, path) != all.end();
}

std::optional<Bringer> find_bringer(const Site& site, const std::string& project, const std::string& path) {
  for (const auto& step : site.earlier()) {
    if (!brings_into(site.file, step, project, path)) continue;
    for (const auto& source : step.copy->sources)
      if (source.known && !source.heredoc && brings(site.context(), source, path)) return Bringer{&step, &source};
  }
  return std::nullopt;
}

// Whether nothing but patterns names a path of the context that a COPY may bring.
bool is_brought_by_pattern(const Site& site, const std::string& project, const std::string& path) {
  return std::ranges::none_of(site.earlier(), [&](const Step& step) {
    return brings_into(site.file, step, project, path) &&
           std::ranges::any_of(step.copy->sources, [&](const CopySource& source) {
             const auto named = clean_path("/" + source.text);
             return source.heredoc || !source.known || named == "/" ||
                    (named.find_first_of("*?[") == named.npos && path_is_under('/' + path, named));
           });
  });
}

// Whether another stage's files, which may have the lock file among them, come into the project.
bool comes_from_stage(const Site& site, const std::string& project) {
  return site.any_earlier({"copies from a stage into ", project}, [&](const Site& earlier) {
    const auto& copy = earlier.step.copy;
    return copy && !copy->from_context() &&
           (!copy->destination.is_known() || path_is_under(project, copy->destination.text) ||
            path_parent(copy->destination.text) == project);
  });
}

Fix copy_too(const Bringer& bringer, const std::string& lock) {
  Fix fix;
  fix.title = "copy `" + lock + "` too";
  const auto& copy = *bringer.step->copy;
  const auto parent = path_parent(bringer.source->text);
  if (bringer.step->instruction->json) return decline(fix, "the COPY is a JSON array");
  if (path_basename(copy.destination.text) == path_basename(bringer.source->text))
    return decline(fix, "the destination of the COPY is a file, and would have to be a directory");
  fix.applicability = Applicability::conditional;
  fix.assumptions = {{"lock-in-sync", "`" + lock + "` matches the manifest"}};
  const auto end = bringer.source->span.end;
  fix.edits = {{{end, end}, ' ' + (parent.empty() || parent == "." ? lock : std::string(parent) + '/' + lock)}};
  const auto to = copy.destination_text;
  if (copy.sources.size() == 1 && !to.ends_with('/') && to != ".")
    fix.edits.push_back({{copy.destination_span.end, copy.destination_span.end}, "/"});
  return fix;
}

void check_use(const Site& site, const ToolUse& use, std::set<std::uint32_t>& reported, Report& report) {
  const auto& files = use.tool->project;
  if (files.required_manifests.empty() || !use.command->directory.is_known() || !reads_manifests(use)) return;
  const auto& project = use.command->directory.text;
  const auto index = site.earlier().size();
  const auto directory = project_in_context(site.file, site.stage, index, project);
  if (!directory) return;
  const auto manifest = join_context_path(*directory, files.required_manifests.front());
  const auto bringer = find_bringer(site, project, manifest);
  if (!bringer) return;
  if (comes_from_stage(site, project)) return;
  std::string lock;
  for (const auto name : files.manifests) {
    if (!is_lock_file(name)) continue;
    const auto path = join_context_path(*directory, name);
    const bool there = site.context().kind(path) == PathKind::file;
    // `COPY bun.lockb* ./` brings nothing where the project has bun.lock.
    if (is_brought(site, project, path) && (there || !is_brought_by_pattern(site, project, path))) return;
    if (lock.empty() && there) lock = name;
  }
  if (lock.empty() || !reported.insert(bringer->source->span.begin).second) return;
  const auto path = join_context_path(*directory, lock);
  auto& finding = report.add(bringer->source->span, "`" + path + "` is in the build context and not copied, so `" +
                                                        use.command->name() +
                                                        "` takes the newest versions that are allowed, or fails");
  finding.fixes.push_back(copy_too(*bringer, lock));
}

void check(const Dockerfile& file, Report& report) {
  if (!file.context().is_known()) return;
  std::set<std::uint32_t> reported;  // places of manifests: what is built later reads the same files
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps)
      if (step.script)
        for (const auto& use : step.script->uses) check_use({file, stage, step}, use, reported, report);
}

}  // namespace

extern constinit const Rule lock_file_not_copied = {
    .id = "lock-file-not-copied",
    .category = Category::reproducibility,
    .severity = Severity::warning,
    .optimizes = true,
    .summary = "the manifest is copied without its lock file",
    .rationale = R"(A lock file says which versions were tested together. Without it the installation takes the newest
that the manifest allows, which may be others tomorrow, and `npm ci` and its like refuse to work at all. Copy both before
the installation.

It is only reported where the lock file is in the build context beside the manifest, and no COPY before the installation
brings it.)",
    .fix = Applicability::conditional,
    .check = check,
};

}  // namespace dockhew::rules
