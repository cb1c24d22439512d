// Fires on a RUN that installs packages and leaves in its layer what the package manager downloaded for it. Silent
// where a mount holds it, where an option keeps the tool from leaving anything, and where the same RUN removes it
// afterwards.
#include <algorithm>
#include <string_view>

#include "caches/cache_directories.hpp"
#include "effects/environment.hpp"
#include "lint/command_fix.hpp"
#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"
#include "text/path.hpp"

namespace dockhew::rules {
namespace {

// What leaves something behind: reading the index for APT, whose packages its own image hook removes; else installing.
bool leaves(const ToolUse& use) {
  if (use.tool->id == "apt") return use.action->kind == ActionKind::refresh;
  return use.action->kind == ActionKind::install;
}

bool is_mounted(const Step& step, std::string_view directory) {
  return std::ranges::any_of(step.mounts, [&](const Mount& mount) {
    return mount.hides_writes() && mount.target.is_known() && path_is_under(directory, mount.target.text);
  });
}

// The directory of pip, of Yarn: below the home of whoever runs it, so any mount of that name will do.
bool is_mounted_by_name(const Step& step, std::string_view name) {
  return std::ranges::any_of(step.mounts, [&](const Mount& mount) {
    return mount.hides_writes() && mount.target.is_known() && mount.target.text.ends_with(name);
  });
}

bool is_held(const Step& step, const Tool& tool) {
  if (tool.id == "pip") return is_mounted_by_name(step, ".cache/pip") || is_mounted_by_name(step, "/.cache");
  if (tool.id == "yarn") return is_mounted_by_name(step, "cache/yarn") || is_mounted_by_name(step, "/.cache");
  const auto held = [&](std::string_view directory) { return is_mounted(step, directory); };
  // dnf has had two directories; which one a base image uses is not known, so either will do.
  if (tool.id == "apt")
    return std::ranges::all_of(tool.left_directories, held) &&
           (is_mounted(step, "/var/cache/apt") || is_mounted_by_name(step, "/var/lib/apt/lists"));
  return std::ranges::any_of(tool.left_directories, held);
}

// A mount where this tool keeps its cache here, whatever it is called.
bool holds_cache(const Site& site, const ToolUse& use) {
  if (use.tool->id == "apt") return false;  // its lists and packages are looked at one by one
  const auto directories = cache_directories(site, use);
  return std::ranges::any_of(directories, [&](const CacheDirectory& directory) {
    return directory.path.is_known() && mount_over(site.step, directory.path.text) != nullptr;
  });
}

bool is_lean(const Site& site, const ToolUse& use) {
  return std::ranges::any_of(use.tool->lean_cache_options,
                             [&](std::string_view option) { return use.has_option(option); }) ||
         std::ranges::any_of(use.tool->defeating_variables, [&](std::string_view variable) {
           return is_switched_on(environment(site, *use.command, variable));
         });
}

// Removes the directory, what is in it, or something above it.
bool removes(const ShellCommand& command, const Tool& tool) {
  if (command.name() != "rm" && command.name() != "find") return false;
  return std::ranges::any_of(command.words, [&](const ShellWord& word) {
    auto path = std::string_view(word.value.is_known() ? word.text() : word.raw);
    while (path.ends_with('*') || path.ends_with('/')) path.remove_suffix(1);
    if (path.size() < 4) return false;
    return std::ranges::any_of(tool.left_directories, [&](std::string_view directory) {
      return path_is_under(directory, path) || path_is_under(path, directory);
    });
  });
}

bool is_cleaned_behind(const Script& script, const ToolUse& use) {
  bool behind = false;
  for (const auto& command : script.commands) {
    if (&command == use.command) behind = true;
    if (!behind) continue;
    if (removes(command, *use.tool)) return true;
    const auto* other = command.use;
    // `apt-get clean` leaves the lists, and microdnf does not clean for dnf.
    if (other && other->tool == use.tool && other->action->kind == ActionKind::clean &&
        command.name() == use.command->name() && (use.tool->id != "apt" || other->action->words[0].starts_with("dist")))
      return true;
  }
  return false;
}

Fix clean_up(const Site& site, const ToolUse& use) {
  const auto& tool = *use.tool;
  if (!tool.lean_cache_options.empty()) {
    Fix all;
    for (const auto& other : site.step.script->uses) {
      if (other.tool != &tool || !leaves(other) || is_lean(site, other)) continue;
      auto fix = insert_behind(site.step, *other.command, other.command->words[other.first - 1],
                               std::string(tool.lean_cache_options[0]),
                               "add " + std::string(tool.lean_cache_options[0]), Applicability::conditional);
      if (!fix.declined.empty()) return fix;
      fix.edits.insert(fix.edits.begin(), all.edits.begin(), all.edits.end());
      all = std::move(fix);
    }
    return all;
  }
  const auto name = use.command->words[0].raw;
  const auto command = tool.id == "apt"      ? std::string("rm -rf /var/lib/apt/lists/*")
                       : tool.id == "yarn"   ? name + " cache clean"
                       : tool.id == "zypper" ? name + " clean"
                                             : name + " clean all";
  return run_at_end(site.file, site.step, command, "clean up in the same RUN", Applicability::conditional);
}

void check(const Dockerfile& file, Report& report) {
  for_each_script(file, [&](const Stage& stage, const Step& step) {
    std::vector<const Tool*> reported;
    for (const auto& use : step.script->uses) {
      const auto code = use.tool->codes.find("left");
      if (code == use.tool->codes.end() || !leaves(use)) continue;
      if (std::ranges::find(reported, use.tool) != reported.end()) continue;
      if (is_held(step, *use.tool) || holds_cache({file, stage, step}, use) || is_lean({file, stage, step}, use) ||
          is_cleaned_behind(*step.script, use))
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
        R"(Indexes and archives of a package manager are of no use once the packages are installed. A cache mount keeps them
out of the layer and keeps them for the next build: that is what `missing-cache-mount` proposes, and why this rule does
not run by default. Where no mount is possible, clean up in the same `RUN`: a later one cannot make the layer smaller.

Docker's images of Debian and Ubuntu remove packages by themselves after each installation, so for APT only its lists count.)",
    .fix = Applicability::conditional,
    .check = check,
};

}  // namespace dockhew::rules
