// Fires when a RUN installs dependencies after a COPY of the whole source, so that every source edit installs them
// again. The fix copies the manifests first and moves the COPY of the source after the installation; if a RUN installs
// and builds, the building part follows the source.
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ecosystems/installation.hpp"
#include "effects/branches.hpp"
#include "flow/ignore_lines.hpp"
#include "layers/manifests_first.hpp"
#include "lint/reordering_fix.hpp"
#include "lint/rule.hpp"
#include "model/command_text.hpp"

namespace dockhew::rules {
namespace {

// "`a.py`", "`a.py` or `b.py`", "one of 3 files"
std::string list(const std::vector<std::string>& files) {
  if (files.size() > 2) return "one of " + std::to_string(files.size()) + " files";
  return '`' + files[0] + '`' + (files.size() == 2 ? " or `" + files[1] + '`' : "");
}

// "`a`", "`a` and `b`", "`a` and 3 more commands"
std::string list_commands(const std::vector<std::string>& commands) {
  const auto others = commands.size() - 1;
  if (others > 1) return commands[0] + " and " + std::to_string(others) + " more commands";
  return commands[0] + (others == 1 ? " and " + commands[1] : "");
}

std::string message(const Stage& stage, const LateInstallation& late, const std::vector<std::string>& commands) {
  const auto& copy = *stage.steps[late.changing].copy;
  const auto command = list_commands(commands);
  if (!late.files.empty())
    return "every change of " + list(late.files) + " runs " + command + " again, because it is copied before it";
  return "every source change runs " + command + " again, because " +
         (copy.from_context() ? "the source" : "what is built from it") + " is copied before it";
}

// A script that starts the container changes less often than what it starts.
bool is_script(std::string_view name) { return name.ends_with(".sh"); }

Fix fix_of(const Dockerfile& file, const Stage& stage, const LateInstallation& late) {
  if (late.script)
    return reordering_fix(installs_from_manifest(*late.use)
                              ? "copy the script and the manifests first, install, then copy the source"
                              : "copy the script first, install, then copy the source",
                          copy_source_after(file, stage, late));
  return reordering_fix(installs_from_manifest(*late.use) ? "copy the manifests first, install, then copy the source"
                        : late.of_manifests               ? "install the packages before copying the manifests"
                                                          : "install the packages before copying the source",
                        copy_source_after(file, stage, late));
}

// What was installed before the COPY of the source is what the image gets, unless there is another one in the context.
// An ignore line is proposed for it; where none may be written, somebody has to know.
void assume_no_other_packages(const Dockerfile& file, std::vector<Fix>& fixes) {
  if (std::ranges::all_of(fixes, [](const Fix& fix) { return fix.edits.empty(); })) return;
  for (const auto& left : find_ignore_lines(file).left) {
    if (!left.packages) continue;
    for (auto& fix : fixes) {
      if (fix.edits.empty()) continue;
      fix.applicability = std::min(fix.applicability, Applicability::conditional);
      fix.assumptions.push_back({"no-other-packages", "the build context has no `" + left.path +
                                                          "`, which would be laid over the installed one; " +
                                                          "no ignore line is proposed, because " + left.reason});
    }
  }
}

std::string command_of(const Stage& stage, const LateInstallation& late) {
  if (late.script) {
    std::string text;
    for (std::size_t i = 0; i < late.use->first; ++i) text += (i == 0 ? "" : " ") + late.use->command->words[i].raw;
    return '`' + text + "` in `" + late.place + '`';
  }
  return '`' + command_text(stage.steps[late.run], *late.use->command, late.use->first) + '`';
}

void check_stage(const Dockerfile& file, const Stage& stage, std::optional<ChangedSteps>& changed, Report& report) {
  const auto late = find_late_installations(file, stage, changed);
  // Moving the COPY after the last of several installations by name moves it after all of them.
  std::map<std::size_t, Fix> by_name;
  for (auto i = late.size(); i-- > 0;) {
    if (installs_from_manifest(*late[i].use)) continue;
    auto& fix = by_name[late[i].sources.front().step];
    if (fix.edits.empty()) fix = fix_of(file, stage, late[i]);
  }
  std::vector<Fix> fixes;
  std::map<std::size_t, std::vector<std::size_t>> of_copy;  // installations of each COPY, first the one that speaks
  for (std::size_t i = 0; i < late.size(); ++i) {
    fixes.push_back(installs_from_manifest(*late[i].use) ? fix_of(file, stage, late[i])
                                                         : by_name[late[i].sources.front().step]);
    auto& same = of_copy[late[i].changing];
    const bool speaks = !same.empty() && !fixes.back().edits.empty() && fixes[same.front()].edits.empty();
    same.insert(speaks ? same.begin() : same.end(), i);
  }
  assume_no_other_packages(file, fixes);
  std::vector<std::string> reasons;
  for (const auto& fix : fixes) reasons.push_back(fix.declined);
  for (std::size_t i = 0; i < late.size(); ++i) {
    const auto& each = late[i];
    const auto& same = of_copy[each.changing];
    // The one that speaks has named it, with the same reason.
    if (i != same.front() && !reasons[i].empty() && reasons[i] == reasons[same.front()]) continue;
    std::vector<std::string> commands;
    for (const auto other : i == same.front() ? same : std::vector{i}) {
      auto command = command_of(stage, late[other]);
      if (std::ranges::find(commands, command) == commands.end()) commands.push_back(std::move(command));
    }
    auto& finding = report.add(stage.steps[each.changing].instruction->head_span(), message(stage, each, commands));
    const bool of_scripts = !each.files.empty() && std::ranges::all_of(each.files, is_script);
    if (of_scripts || each.of_manifests || !each.unclear.empty()) finding.severity = Severity::info;
    if (each.of_manifests && !fixes[i].declined.empty()) finding.severity = Severity::off;  // little would be gained
    if (i != same.front()) finding.severity = Severity::off;  // one finding says it of all
    const Site run{file, stage, stage.steps[each.run]};
    if (branch_of(run, each.script ? *each.starter : *each.use->command) != Branch::may_run)
      finding.severity = Severity::off;
    finding.fixes.push_back(std::move(fixes[i]));
  }
}

// One finding for a COPY, whatever is built on its stage.
using Inherited = std::map<std::pair<std::uint32_t, std::size_t>, std::vector<std::string>>;

void add_inherited(const Dockerfile& file, const Stage& stage, std::optional<ChangedSteps>& changed, Inherited& all) {
  for (const auto& each : find_inherited_sources(file, stage, changed)) {
    if (branch_of({file, stage, stage.steps[each.run]}, *each.use->command) != Branch::may_run) continue;
    auto& commands = all[{each.copying->index, each.copy}];
    auto command = '`' + command_text(stage.steps[each.run], *each.use->command, each.use->first) + '`';
    if (std::ranges::find(commands, command) == commands.end()) commands.push_back(std::move(command));
  }
}

void report_inherited(const Dockerfile& file, const Inherited& all, Report& report) {
  for (const auto& [place, commands] : all) {
    const auto& stage = file.stages()[place.first];
    auto& finding = report.add(stage.steps[place.second].instruction->head_span(),
                               "every source change runs " + list_commands(commands) +
                                   " again, because it is in a stage that is built on this one; copy the source in the "
                                   "stages that need it, after they have installed");
    Fix fix;
    fix.title = "copy the source after the installation";
    finding.fixes.push_back(decline(fix, "which of the stages need the source is for a person to say"));
  }
}

void check(const Dockerfile& file, Report& report) {
  constexpr std::size_t most_stages = 100;  // for each, those that it is built on are gone through
  std::optional<ChangedSteps> changed;
  Inherited inherited;
  std::size_t examined = 0;
  for (const auto& stage : file.stages()) {
    check_stage(file, stage, changed, report);
    if (stage.parent && ++examined <= most_stages) add_inherited(file, stage, changed, inherited);
  }
  report_inherited(file, inherited, report);
}

}  // namespace

extern constinit const Rule source_copied_before_dependencies = {
    .id = "source-copied-before-dependencies",
    .category = Category::speed,
    .severity = Severity::warning,
    .optimizes = true,
    .summary = "dependencies are installed after the source is copied",
    .rationale = R"(A layer is rebuilt when anything before it changes. After `COPY . .` that is every edit of any file,
so the dependencies are installed again although their manifests did not change. After `COPY src ./src` it is every edit
in that directory, and after a COPY of a program that another stage builds, every edit that changes the program. Copy the
manifests first, install, then copy the source.

The order can only change if the installation reads nothing but the manifests. If the build context is available,
dockhew reads them: install lifecycle scripts, local paths, or a `node_modules` directory in the context rule the fix
out. Without the context these remain assumptions, which are printed with the fix.

A script of the context that a RUN starts is read. Where it installs packages and touches nothing of the source otherwise,
it is copied with the scripts that it starts itself and the manifests that it installs from, and the source follows.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
