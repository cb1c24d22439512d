// Fires on a RUN that installs packages and leaves what the package manager downloaded in its layer. Silent where a
// mount holds the downloads, where an option makes the tool leave nothing, and where the same RUN removes them
// afterwards; about apk, for which no mount is proposed, package-index-left speaks.
#include <algorithm>
#include <string_view>

#include "caches/left_downloads.hpp"
#include "lint/command_fix.hpp"
#include "lint/rule.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::rules {
namespace {

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
      if (other.tool != &tool || !leaves_downloads(site, other)) continue;
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
      if (code == use.tool->codes.end() || !use.tool->cache_use.mount_pays) continue;
      if (std::ranges::find(reported, use.tool) != reported.end()) continue;
      if (!leaves_downloads({file, stage, step}, use)) continue;
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
    .aliases = {"DL3009", "DL3032", "DL3036", "DL3040", "DL3042", "DL3060"},
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
