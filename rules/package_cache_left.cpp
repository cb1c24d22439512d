// Fires on a RUN that installs packages and leaves what the package manager downloaded in its layer. Silent where a
// mount holds the downloads, where an option makes the tool leave nothing, and where the same RUN removes them
// afterwards.
#include <algorithm>
#include <string_view>

#include "caches/cache_directories.hpp"
#include "effects/environment.hpp"
#include "effects/unix_effects.hpp"
#include "lint/command_fix.hpp"
#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"
#include "text/path.hpp"

namespace dockhew::rules {
namespace {

bool leaves(const ToolUse& use) { return use.action->kind == use.tool->leftovers.left_by; }

// A mount whose name says that it holds what would be left.
bool is_held_by_name(const Step& step, const Tool& tool) {
  return std::ranges::any_of(step.mounts, [&](const Mount& mount) {
    return mount.hides_writes() && mount.target.is_known() &&
           std::ranges::any_of(tool.leftovers.held_by,
                               [&](std::string_view end) { return mount.target.text.ends_with(end); });
  });
}

// Mounts over what would be left. Of several directories one is the place, and which one is not known. Over an index
// they must hold all that the tool keeps: with a mount on /var/lib/apt alone the packages may be left.
bool is_held(const Step& step, const Tool& tool) {
  const auto mounted = [&](std::string_view directory) { return mount_over(step, directory) != nullptr; };
  const bool index = tool.leftovers.left_by == ActionKind::refresh;
  return is_held_by_name(step, tool) || (std::ranges::any_of(tool.leftovers.directories, mounted) &&
                                         (!index || std::ranges::all_of(tool.caches, mounted, &ToolCache::path)));
}

// A mount where this tool keeps its cache here, whatever it is called. What it leaves may be another directory.
bool holds_cache(const Site& site, const ToolUse& use) {
  if (use.tool->leftovers.left_by != ActionKind::install) return false;
  const auto directories = cache_directories(site, use);
  return std::ranges::any_of(directories, [&](const CacheDirectory& directory) {
    return directory.path.is_known() && mount_over(site.step, directory.path.text) != nullptr;
  });
}

bool is_lean(const Site& site, const ToolUse& use) {
  return std::ranges::any_of(use.tool->leftovers.prevented_by,
                             [&](std::string_view option) { return use.has_option(option); }) ||
         std::ranges::any_of(use.tool->cache_defeat.variables, [&](std::string_view variable) {
           return is_switched_on(environment(site, *use.command, variable));
         });
}

// Removes the directory, what is in it, or something above it.
bool removes(const Facts& facts, const ShellCommand& command, const Tool& tool) {
  if (!has_operands(facts, command, {Operands::removed, Operands::searched})) return false;
  return std::ranges::any_of(command.words, [&](const ShellWord& word) {
    auto path = std::string_view(word.value.is_known() ? word.text() : word.raw);
    while (path.ends_with('*') || path.ends_with('/')) path.remove_suffix(1);
    if (path.size() < 4) return false;
    return std::ranges::any_of(tool.leftovers.directories, [&](std::string_view directory) {
      return path_is_under(directory, path) || path_is_under(path, directory);
    });
  });
}

bool is_cleaned_after(const Facts& facts, const Script& script, const ToolUse& use) {
  bool after = false;
  for (const auto& command : script.commands) {
    if (&command == use.command) after = true;
    if (!after) continue;
    if (removes(facts, command, *use.tool)) return true;
    const auto* other = command.use;
    // `apt-get clean` leaves the lists, and microdnf does not clean for dnf.
    if (other && other->tool == use.tool && other->action->kind == ActionKind::clean && !other->action->partial &&
        command.name() == use.command->name())
      return true;
  }
  return false;
}

// "dnf clean all", by the program that was called: `dnf5 clean all`.
std::string cleaning_command(const ToolUse& use) {
  const auto text = use.tool->leftovers.clean_up;
  const auto program = text.substr(0, text.find(' '));
  const bool own = std::ranges::any_of(use.tool->commands, [&](Words words) { return words[0] == program; });
  return own ? use.command->words[0].raw + std::string(text.substr(program.size())) : std::string(text);
}

Fix clean_up(const Site& site, const ToolUse& use) {
  const auto& tool = *use.tool;
  if (!tool.leftovers.prevented_by.empty()) {
    Fix all;
    for (const auto& other : site.step.script->uses) {
      if (other.tool != &tool || !leaves(other) || is_lean(site, other)) continue;
      auto fix = insert_after(site.step, *other.command, other.command->words[other.first - 1],
                              std::string(tool.leftovers.prevented_by[0]),
                              "add " + std::string(tool.leftovers.prevented_by[0]), Applicability::conditional);
      if (!fix.declined.empty()) return fix;
      fix.edits.insert(fix.edits.begin(), all.edits.begin(), all.edits.end());
      all = std::move(fix);
    }
    return all;
  }
  return run_at_end(site.file, site.step, cleaning_command(use), "clean up in the same RUN",
                    Applicability::conditional);
}

void check(const Dockerfile& file, Report& report) {
  for_each_script(file, [&](const Stage& stage, const Step& step) {
    std::vector<const Tool*> reported;
    for (const auto& use : step.script->uses) {
      const auto code = use.tool->codes.find("left");
      if (code == use.tool->codes.end() || !leaves(use)) continue;
      if (std::ranges::find(reported, use.tool) != reported.end()) continue;
      if (is_held(step, *use.tool) || holds_cache({file, stage, step}, use) || is_lean({file, stage, step}, use) ||
          is_cleaned_after(file.facts(), *step.script, use))
        continue;
      reported.push_back(use.tool);
      auto& finding = report.add(step.script->to_source(use.command->span),
                                 "what " + std::string(use.tool->title) + " downloads for this stays in the layer",
                                 {std::string(code->second)});
      auto fix = clean_up({file, stage, step}, use);
      if (fix.declined.empty()) fix.assumptions.push_back({"not-read-later", "no later step reads what is removed"});
      finding.fixes.push_back(std::move(fix));
    }
  });
}

}  // namespace

extern constinit const Rule package_cache_left = {
    .id = "package-cache-left",
    .aliases = {"DL3009", "DL3019", "DL3032", "DL3036", "DL3040", "DL3042", "DL3060"},
    .category = Category::size,
    .severity = Severity::info,
    .by_default = false,
    .summary = "a package manager's downloads stay in the layer",
    .rationale =
        R"(A package manager's indexes and archives are useless once the packages are installed. A cache mount keeps
them out of the layer and available for the next build: `missing-cache-mount` proposes that, so this rule is off by
default. If a mount is not possible, clean up in the same `RUN`: a later one cannot make the layer smaller.

Docker's Debian and Ubuntu images remove downloaded packages by themselves after each installation, so for APT only its
lists count.)",
    .fix = Applicability::conditional,
    .check = check,
};

}  // namespace dockhew::rules
