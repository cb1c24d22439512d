// Fires when the shipped image has dependencies that only development needs: compilers, linters, test frameworks. They
// are installed there, or copied from the stage that has built the project. The fix leaves them out, or takes them away
// after the build.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ecosystems/ecosystem.hpp"
#include "ecosystems/runtime.hpp"
#include "edits/run_edits.hpp"
#include "facts/facts.hpp"
#include "lint/purpose.hpp"
#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "stages/other_starts.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::rules {
namespace {

// An installation of a stage that brings dependencies for development too.
struct Installed {
  const Pruning* pruning;
  const Step* step;
  const ToolUse* use;
  std::string project;  // directory of the image
  std::string dependencies() const { return project + '/' + std::string(pruning->dependencies); }
};

// The last of a stage.
std::optional<Installed> find_installed(const Stage& builder) {
  std::optional<Installed> found;
  for (const auto& step : builder.steps) {
    if (!step.script) continue;
    for (const auto& use : step.script->uses) {
      const auto* ecosystem = find_ecosystem(*use.tool);
      const auto* pruning = ecosystem == nullptr ? nullptr : ecosystem->pruning;
      if (pruning != nullptr && pruning->installs(use) && use.command->directory.is_known())
        found = {pruning, &step, &use, use.command->directory.text};
    }
  }
  return found;
}

bool takes(const Copy& copy, const std::string& dependencies) {
  return std::ranges::any_of(copy.sources, [&](const CopySource& source) {
    return source.known && path_is_under(dependencies, resolve_path("/", source.text));
  });
}

// Who else would miss them. `chain`: the stages that the shipped one is built on, and itself.
Obstacle find_other_user(const Dockerfile& file, const Stage& builder, const std::string& dependencies,
                         const std::vector<const Stage*>& chain) {
  for (const auto& other : file.stages()) {
    if (other.parent == builder.index && std::ranges::find(chain, &other) == chain.end())
      return Declined{"another stage is built on the one that has them"};
    for (const auto& step : other.steps) {
      if (!other.target && step.copy && step.copy->stage == builder.index && takes(*step.copy, dependencies))
        return Declined{"another stage takes them too"};
      if (std::ranges::any_of(step.mounts,
                              [&](const Mount& mount) { return !mount.from.empty() && mount.from == builder.name; }))
        return Declined{"a RUN mounts the stage that has them"};
    }
  }
  return std::nullopt;
}

// Whether a command neither builds nor starts anything of the project, nor installs into it.
bool needs_none(const Facts& facts, const Stage& stage, const ShellCommand& command, const ToolUse& installation) {
  if (command.words.empty()) return true;
  const auto* use = command.use;
  if (use == nullptr) {
    const auto* row = facts.unix_command(command.name());
    return row != nullptr && !row->builds;
  }
  if (use == &installation || use->tool->packages.of_system || use->action->kind == ActionKind::clean) return true;
  const auto* runtime = runtime_of(*use);
  if (runtime == nullptr) return false;
  return (runtime->installs_programs != nullptr && runtime->installs_programs(stage, *use)) ||
         (runtime->installs_tools != nullptr && runtime->installs_tools(*use));
}

bool needs_none(const Facts& facts, const Stage& stage, const Step& step, const ToolUse& installation) {
  if (step.instruction->keyword == Keyword::onbuild) return false;  // a child may build
  if (step.instruction->keyword != Keyword::run) return true;
  return step.script && !step.script->opaque &&
         std::ranges::all_of(step.script->commands, [&](const ShellCommand& command) {
           return needs_none(facts, stage, command, installation);
         });
}

bool needs_none(const Facts& facts, const Stage& stage, const ToolUse& installation) {
  return std::ranges::all_of(stage.steps,
                             [&](const Step& step) { return needs_none(facts, stage, step, installation); });
}

Fix leave_out(const Dockerfile& file, const Stage& stage, const Installed& installed, const Superfluous& superfluous,
              const std::vector<const Stage*>& chain) {
  Fix fix;
  fix.title = "leave them out with `" + superfluous.option + '`';
  if (auto obstacle = find_other_user(file, stage, installed.dependencies(), chain))
    return decline(fix, std::move(obstacle->reason));
  const auto& use = *installed.use;
  if (use.command->nested || installed.step->instruction->json)
    return decline(fix, "the command is written in an unusual way");
  const auto at = installed.step->script->to_source(use.command->words[use.first - 1].span).end;
  fix.edits = {{{at, at}, ' ' + superfluous.option}};
  fix.applicability = Applicability::unsafe;
  fix.checklist = {"no development dependency is needed at run time: `" + superfluous.option + "` leaves them out"};
  return fix;
}

Fix prune(const Dockerfile& file, const Stage& builder, const Installed& installed, const Superfluous& superfluous) {
  Fix fix;
  fix.title = "take them away with `" + superfluous.title + "` when the project is built";
  if (auto obstacle = find_other_user(file, builder, installed.dependencies(), {}))
    return decline(fix, std::move(obstacle->reason));
  const auto& last = builder.steps.back();
  if (!builder.workdir.is(installed.project) || builder.user != installed.step->user)
    return decline(fix, "the stage ends in another directory or with another user than it has installed them");
  const auto at = own_lines(file.document(), *last.instruction).end;
  fix.edits = {{{at, at}, "RUN " + superfluous.command + std::string(file.document().newline())}};
  fix.applicability = Applicability::unsafe;
  fix.checklist = {"no development dependency is needed at run time: `" + superfluous.title + "` removes them"};
  return fix;
}

std::string message(const std::vector<std::string>& packages, std::string_view how) {
  constexpr std::size_t most_named = 3;
  const bool one = packages.size() == 1;
  return list_quoted(packages, most_named) + (one ? " is" : " are") + " only needed for development, but " +
         (one ? "it is " : "they are ") + std::string(how) + " the shipped image";
}

void check_copy(const Dockerfile& file, const Stage& runner, const Step& step, Report& report) {
  const auto& builder = file.stages()[*step.copy->stage];
  const auto installed = find_installed(builder);
  if (!installed || file.ships(builder) || !takes(*step.copy, installed->dependencies())) return;
  const auto superfluous = installed->pruning->find_superfluous(file, builder, runner, installed->project);
  if (!superfluous) return;
  auto& finding = report.add(step.instruction->span, message(superfluous->packages, "copied into"));
  const bool only_installs = !superfluous->option.empty() && needs_none(file.facts(), builder, *installed->use);
  finding.fixes.push_back(only_installs ? leave_out(file, builder, *installed, *superfluous, {})
                                        : prune(file, builder, *installed, *superfluous));
}

// Where the shipped stage, or one that it is built on, installs and nothing builds.
void check_installation(const Dockerfile& file, const Stage& runner, Report& report) {
  const auto chain = chain_of(file, runner);
  for (const auto* stage : chain) {
    if (stage != &runner && (stage->target || is_for_development(report.options().path, *stage))) return;
    const auto installed = find_installed(*stage);
    if (!installed) continue;
    const auto needs_nothing = [&](const Stage* each) { return needs_none(file.facts(), *each, *installed->use); };
    if (!std::ranges::all_of(chain, needs_nothing)) return;
    const auto superfluous = installed->pruning->find_superfluous(file, *stage, runner, installed->project);
    if (!superfluous || superfluous->option.empty()) return;
    auto& finding = report.add(installed->step->script->to_source(installed->use->command->span),
                               message(superfluous->packages, "installed into"));
    finding.fixes.push_back(leave_out(file, *stage, *installed, *superfluous, {chain.begin(), chain.end()}));
    return;
  }
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages()) {
    if (!stage.target || is_for_development(report.options().path, stage) || runs_mounted_source(file, stage)) continue;
    check_installation(file, stage, report);
    for (const auto& step : stage.steps)
      if (step.copy && step.copy->stage) check_copy(file, stage, step, report);
  }
}

}  // namespace

extern constinit const Rule development_dependencies_in_final_image = {
    .id = "development-dependencies-in-final-image",
    .category = Category::size,
    .severity = Severity::warning,
    .optimizes = true,
    .summary = "the shipped image has dependencies that only development needs",
    .rationale =
        R"(`npm install` brings linters, test frameworks and compilers too, which are often most of `node_modules`, and most of what
scanners find in an image. `--omit=dev` leaves them out. A build needs some of them, and `COPY --from=build /app ./` then brings
all of them into the image, so they are to be taken away when it is done.

It is reported where the container starts node itself, directly or by the `start` script, where `package.json` names
dependencies for development, and where nothing in the source is seen to load one. Where nothing is built, the fix adds
`--omit=dev`, or what Yarn 1 or pnpm call it. Else it runs `npm prune --omit=dev` at the end of the stage that builds, and
`prune-after-build` then gives that a stage of its own where it can, so that it only runs when the manifests change.)",
    .fix = Applicability::unsafe,
    .check = check,
};

}  // namespace dockhew::rules
