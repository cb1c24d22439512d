// Fires where packages are installed with lists that an earlier RUN fetched. That layer stays in the cache when the
// installation changes, which then asks the mirrors for versions that are no longer there. Where no installation reads
// them, the RUN that fetches them is useless.
#include <algorithm>

#include "caches/cache_directories.hpp"
#include "caches/package_index.hpp"
#include "caches/removed_directories.hpp"
#include "edits/run_edits.hpp"
#include "effects/unix_effects.hpp"
#include "lint/rule.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::rules {
namespace {

bool uses_kind(const Step& step, const Tool& tool, ActionKind kind) {
  return std::ranges::any_of(step.script->uses,
                             [&](const ToolUse& use) { return use.tool == &tool && use.action->kind == kind; });
}

// Nothing but the one command that fetches the lists.
bool only_refreshes(const Step& step) {
  const auto& script = *step.script;
  return script.chain.size() == 1 && script.commands.size() == 1 && !script.commands[0].nested &&
         !script.from_heredoc && !step.instruction->json;
}

// Such an installation, or one of a tool that makes old lists new whenever it installs.
bool has_new_lists(const ToolUse& use) { return fetches_index_itself(use) || use.tool->cache_use.refreshes_itself; }

// `pacman -Sy a`, but not `apk add --no-cache a`, which keeps none.
bool leaves_new_lists(const ToolUse& use) {
  return fetches_index_itself(use) &&
         std::ranges::none_of(use.tool->cache_defeat.options,
                              [&](std::string_view option) { return use.has_option(option); });
}

// Whether a RUN installs with lists that are as old as an earlier RUN, unless it fetches them with a command.
bool installs_with_old_lists(const Step& step, const Tool& tool) {
  for (const auto& use : step.script->uses) {
    if (use.tool != &tool || use.action->kind != ActionKind::install) continue;
    if (!has_new_lists(use)) return true;
    if (leaves_new_lists(use) && !use.command->conditional) return false;
  }
  return false;
}

// `apt-get upgrade` names none.
bool names_packages(const Step& step, const Tool& tool) {
  return std::ranges::any_of(step.script->uses, [&](const ToolUse& use) {
    return use.tool == &tool && use.action->kind == ActionKind::install && !use.operands.empty();
  });
}

// Whether a step could read lists that an earlier one has fetched.
bool may_read_lists(const Site& site, const Tool& tool) {
  if (site.step.instruction->keyword != Keyword::run) return false;
  if (!site.step.script || site.step.script->opaque) return true;
  return std::ranges::any_of(site.step.script->commands, [&](const ShellCommand& command) {
    return may_read_index(site.file.facts(), command, tool);
  });
}

// What becomes of lists that a RUN fetches and does nothing with.
enum class Lists { may_be_read, fetched_again, unread };

Lists lists_of(const Site& refresh, const Tool& tool) {
  const auto reads = [&](const Site& later) { return may_read_lists(later, tool); };
  if (!only_refreshes(refresh.step) || !refresh.step.instruction->flags.empty() ||
      refresh.any_later({"may read fetched lists of ", tool.id}, reads))
    return Lists::may_be_read;
  const auto installs = [&](const Site& later) {
    return std::ranges::any_of(later.uses(), [&](const ToolUse& use) {
      return use.tool == &tool && use.action->kind == ActionKind::install && fetches_index_itself(use);
    });
  };
  return refresh.any_later({"installs with lists of its own with ", tool.id}, installs) ? Lists::fetched_again
                                                                                        : Lists::unread;
}

std::string useless(const Script& script, const ShellCommand& refresh, const char* why) {
  return "`" + std::string(script.text.view(refresh.span)) + "` is useless: " + why;
}

// Lists that nothing reads during the build, somebody may want in the running container.
void report_useless(const Site& refresh, Lists lists, Report& report) {
  const auto& script = *refresh.step.script;
  const bool unread = lists == Lists::unread;
  auto& finding = report.add(refresh.step.instruction->keyword_span,
                             useless(script, script.commands[0],
                                     unread ? "nothing is installed with the package lists, and they stay in the image"
                                            : "every later installation fetches the package lists itself"));
  if (unread) finding.severity = Severity::info;
  Fix fix;
  fix.title = "remove it";
  fix.applicability = Applicability::safe;
  if (unread) {
    decline(fix, "a container, or an image made from this one, may install packages without fetching the lists first");
    finding.fixes.push_back(std::move(fix));
    return;
  }
  const auto& document = refresh.file.document();
  fix.edits.push_back(remove_lines(document, own_lines(document, *refresh.step.instruction)));
  finding.fixes.push_back(std::move(fix));
}

// Of a RUN that fetches lists and then installs with `--no-cache`: the command that fetches them, where nothing reads
// them, in this RUN or later.
const ShellCommand* find_useless_beside(const Site& run, const Tool& tool) {
  const auto& script = *run.step.script;
  const ShellCommand* refresh = nullptr;
  bool installs = false;
  for (const auto& command : script.commands) {
    const auto* use = command.use;
    const bool of_tool = use != nullptr && use->tool == &tool;
    if (of_tool && use->action->kind == ActionKind::refresh) {
      if (refresh != nullptr) return nullptr;
      refresh = &command;
    } else if (refresh != nullptr && may_read_index(run.file.facts(), command, tool)) {
      return nullptr;
    } else {
      installs |= refresh != nullptr && of_tool && use->action->kind == ActionKind::install;
    }
  }
  const auto reads = [&](const Site& later) { return may_read_lists(later, tool); };
  const bool plain = installs && script.is_straight() && !refresh->conditional && !refresh->nested &&
                     script.chain[refresh->element].simple;
  return plain && !run.any_later({"may read fetched lists of ", tool.id}, reads) ? refresh : nullptr;
}

void report_useless_beside(const Site& run, const ShellCommand& refresh, Report& report) {
  const auto& script = *run.step.script;
  auto& finding = report.add(script.to_source(refresh.span),
                             useless(script, refresh, "the installation fetches the package lists itself"));
  finding.severity = Severity::info;
  Fix fix;
  fix.title = "remove it";
  fix.applicability = Applicability::safe;
  if (auto edits = remove_elements(run.file.document(), script, {refresh.element})) fix.edits = *std::move(edits);
  else fix.declined = "the commands of this RUN are not a plain chain";
  finding.fixes.push_back(std::move(fix));
}

Fix join(const Dockerfile& file, const Step& refresh, const Step& install) {
  Fix fix;
  fix.title = "fetch the lists in the RUN that needs them";
  fix.applicability = Applicability::safe;
  const auto& script = *install.script;
  if (install.index != refresh.index + 1) fix.declined = "there are other steps between the two";
  else if (!only_refreshes(refresh)) fix.declined = "the other RUN does more than fetch the lists";
  else if (script.from_heredoc) fix.declined = "a heredoc continues after a line that fails";
  else if (!script.is_straight() || script.chain.empty() || install.instruction->json)
    fix.declined = "the commands of this RUN are not a plain chain";
  else if (!refresh.instruction->flags.empty()) fix.declined = "the other RUN has flags of its own";
  if (!fix.declined.empty()) return fix;
  const auto command = std::string(refresh.script->text.view(refresh.script->commands[0].span));
  fix.edits.push_back(remove_lines(file.document(), own_lines(file.document(), *refresh.instruction)));
  fix.edits.push_back(prepend_command(file.document(), script, command));
  return fix;
}

// `apt-get upgrade` between the two: the lists that come with it are as old for what is installed below it, which then
// fetches its own.
void fetch_below(const Dockerfile& file, const Step& refresh, const Step& below, Fix& fix) {
  const auto& script = *below.script;
  if (script.from_heredoc || !script.is_straight() || script.chain.empty() || below.instruction->json) return;
  const auto command = std::string(refresh.script->text.view(refresh.script->commands[0].span));
  fix.edits.push_back(prepend_command(file.document(), script, command));
  fix.adds_work = true;
}

// `RUN rm -rf /var/cache/apk/*`, and lists in a mount: later RUNs find none, so what they install with are not old
// ones.
bool leaves_no_lists(const Site& site, const Tool& tool) {
  const auto& directories = tool.leftovers.directories;
  const std::vector<std::string> lists(directories.begin(), directories.end());
  return std::ranges::any_of(lists, [&](const std::string& each) { return mount_over(site.step, each) != nullptr; }) ||
         std::ranges::any_of(site.step.script->commands, [&](const ShellCommand& command) {
           return has_operands(site.file.facts(), command, {Operands::removed}) && !command.conditional &&
                  !operands_inside(site, command, lists).inside.empty();
         });
}

// The first RUN of a stage that installs with lists of an earlier layer, the RUN that fetched them, and others like it.
struct Stale {
  const Step* refresh = nullptr;
  const Step* install = nullptr;
  std::vector<const Step*> also;
};

void report_stale(const Dockerfile& file, const Tool& tool, const Stale& stale, Report& report) {
  auto& finding = report.add(
      stale.install->instruction->keyword_span,
      "the package lists come from an earlier layer, which stays cached when this changes; fetch them in this RUN");
  finding.fixes.push_back(join(file, *stale.refresh, *stale.install));
  // With the fix, the others take the lists of the RUN that is mended.
  auto& fix = finding.fixes.back();
  if (fix.edits.empty()) {
    for (const auto* step : stale.also) finding.related.push_back(step->instruction->keyword_span);
  } else if (!names_packages(*stale.install, tool) && !stale.also.empty()) {
    fetch_below(file, *stale.refresh, *stale.also.front(), fix);
  }
}

void check_stage(const Dockerfile& file, const Stage& stage, const Tool& tool, Report& report) {
  const Step* refresh = nullptr;
  Stale stale;
  for (const auto& step : stage.steps) {
    if (!step.script) continue;
    if (const auto* beside = find_useless_beside({file, stage, step}, tool))
      report_useless_beside({file, stage, step}, *beside, report);
    const bool refreshes = uses_kind(step, tool, ActionKind::refresh);
    const bool installs = installs_with_old_lists(step, tool);
    if (refreshes) {
      // Lists fetched together with an installation are as old as it is, and so are the packages that it names. Where
      // other lists are old they are said to be so, too.
      if (installs && stale.install == nullptr && names_packages(step, tool)) return;
      const auto lists = installs || refresh != nullptr ? Lists::may_be_read : lists_of({file, stage, step}, tool);
      if (lists != Lists::may_be_read && (lists == Lists::fetched_again || file.ships(stage))) {
        report_useless({file, stage, step}, lists, report);
        break;
      }
      refresh = &step;
    } else if (installs && refresh != nullptr) {
      if (stale.install == nullptr) stale = {refresh, &step, {}};
      else stale.also.push_back(&step);
    }
    if (leaves_no_lists({file, stage, step}, tool)) refresh = nullptr;
  }
  if (stale.install != nullptr) report_stale(file, tool, stale, report);
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages())
    for (const auto& tool : file.facts().tools)
      if (tool.packages.of_system) check_stage(file, stage, tool, report);
}

}  // namespace

extern constinit const Rule stale_package_lists = {
    .id = "stale-package-lists",
    .category = Category::correctness,
    .severity = Severity::warning,
    .optimizes = true,
    .summary = "packages are installed with the lists of an earlier layer",
    .rationale =
        R"(`RUN apt-get update` is cached by its text, so it runs once and then never again. When the `apt-get install`
below it changes, the lists may be weeks old: the versions in them are no longer on the mirrors, and the build fails.
Fetch the lists in the RUN that installs: `RUN apt-get update && apt-get install -y …`.

The fix merges the two if one directly follows the other and the first does nothing else. Where every installation
fetches the lists itself, as `apk add --no-cache` does, `apk update` only leaves an index in the image, and is removed;
in a RUN of its own that is a warning, beside the installation a note. Lists with which nothing is installed at all are some
20 MB in the image, but a person decides whether they are of use there. Where the lists are deleted before, or lie in a mount,
none are old.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
