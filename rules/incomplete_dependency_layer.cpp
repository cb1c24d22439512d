// Fires on an installation ahead of the source for which only some of the manifests are copied that it needs: it leaves
// out the rest, and a later step installs that after every edit of the source.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ecosystems/ecosystem.hpp"
#include "ecosystems/installation.hpp"
#include "edits/copy_ahead.hpp"
#include "edits/run_edits.hpp"
#include "effects/source_copy.hpp"
#include "effects/source_parts.hpp"
#include "lint/rule.hpp"
#include "model/command_text.hpp"
#include "model/runs.hpp"
#include "model/site.hpp"
#include "text/words.hpp"

namespace dockhew::rules {
namespace {

constexpr std::size_t most_named = 2;
// Nobody writes more of them, and for each the files of all projects are read.
constexpr std::size_t most_examined = 20;

// The last COPY of the stage that brings one of the manifests.
const Step* last_bringer(const Site& site, const std::string& project, const std::vector<std::string>& manifests) {
  const Step* last = nullptr;
  for (const auto& step : site.earlier()) {
    const auto brings = [&](const std::string& path) { return brings_into(site.file, step, project, path); };
    if (step.copy && std::ranges::any_of(manifests, brings)) last = &step;
  }
  return last;
}

// Whether the source follows, in the same layout.
bool source_follows(const Site& site, const std::string& project, const std::string& directory) {
  return std::ranges::any_of(site.stage.steps, [&](const Step& step) {
    return step.index > site.step.index && step.copy && context_directory(*step.copy, project) == directory;
  });
}

Fix copy_the_rest(const Site& site, const Step& bringer, const std::string& project, const std::string& directory,
                  const std::vector<std::string>& missing) {
  Fix fix;
  fix.title = "copy the other manifests too";
  const auto& workdir = bringer.workdir;
  const auto lines = copy_files(site.file, bringer, workdir.is(project) ? "." : project, directory, missing);
  if (!lines) return decline(fix, "the name of a manifest cannot be written as a plain word in COPY");
  fix.applicability = Applicability::safe;
  fix.edits.push_back(insert_lines_after(site.file.document(), *bringer.instruction, *lines));
  return fix;
}

void check_use(const Site& site, const ToolUse& use, std::size_t& examined, Report& report) {
  const auto* ecosystem = find_ecosystem(*use.tool);
  if (ecosystem == nullptr || !ecosystem->installs_in_part || !installs_from_manifest(use) ||
      use.action->kind != ActionKind::fetch || !use.command->directory.is_known() || ++examined > most_examined)
    return;
  const auto& project = use.command->directory.text;
  const auto index = site.earlier().size();
  if (brings_source(site.file, site.stage, index, project)) return;
  const auto directory = project_in_context(site.file, site.stage, index, project);
  if (!directory || !source_follows(site, project, *directory)) return;
  const auto manifests = find_manifests(site, use, {*directory, *directory});
  if (!manifests) return;
  std::vector<std::string> missing;
  for (const auto& path : manifests->paths)
    if (!is_brought(site, project, path)) missing.push_back(path);
  // Settings alone, as `global.json`, leave nothing out.
  const auto settings = std::stable_partition(missing.begin(), missing.end(),
                                              [](const std::string& path) { return path.ends_with("proj"); });
  const auto* bringer = last_bringer(site, project, manifests->paths);
  if (settings == missing.begin() || bringer == nullptr) return;
  const bool one = missing.size() == 1;
  auto& finding =
      report.add(site.step.script->to_source(use.command->span),
                 list_quoted(missing, most_named) + (one ? " is" : " are") + " not copied before it, so `" +
                     command_text(site.step, *use.command, use.first) + "` leaves out what " +
                     (one ? "it needs" : "they need") + ", and that is installed after every source change");
  finding.fixes.push_back(copy_the_rest(site, *bringer, project, *directory, missing));
}

void check(const Dockerfile& file, Report& report) {
  if (!file.context().is_known()) return;
  std::size_t examined = 0;
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps)
      if (step.script && !step.script->opaque)
        for (const auto& use : step.script->uses) check_use({file, stage, step}, use, examined, report);
}

}  // namespace

extern constinit const Rule incomplete_dependency_layer = {
    .id = "incomplete-dependency-layer",
    .category = Category::speed,
    .severity = Severity::warning,
    .optimizes = true,
    .summary = "the dependency layer lacks manifests",
    .rationale =
        R"(`dotnet restore` of a project restores the projects that it refers to as well, as far as their files are there. Where
only the project's own file has been copied, the packages of the others are missing in this layer, and `dotnet build` restores
them after every edit of the source. Copy the files of all projects that it refers to, and what they import.

The fix adds them after the COPY of the manifests. Only reported where the build context has them and the source is copied
below, in the same layout.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
