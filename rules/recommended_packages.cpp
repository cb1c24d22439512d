// Fires on an installation that brings recommended packages along: what was not named and is not needed.
#include "lint/command_fix.hpp"
#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "model/tool_use.hpp"

namespace dockhew::rules {
namespace {

bool is_lean(const ToolUse& use) {
  for (const auto& option : use.tool->lean_options)
    if (use.has_option(option) || use.command->has_word(option)) return true;
  return false;
}

void check(const Dockerfile& file, Report& report) {
  for_each_script(file, [&](const Stage&, const Step& step) {
    for (const auto& use : step.script->uses) {
      const auto code = use.tool->codes.find("recommends");
      if (code == use.tool->codes.end() || !use.action->packages || is_lean(use)) continue;
      const auto& verb = use.command->words[use.first - 1];
      auto& finding = report.add(step.script->to_source(verb.span), "recommended packages are installed as well",
                                 {std::string(code->second)});
      auto fix = insert_behind(step, *use.command, verb, std::string(use.tool->lean_options[0]),
                               "leave recommended packages out", Applicability::unsafe);
      if (fix.declined.empty())
        fix.checklist.push_back("nothing in the image needs a package that was only recommended");
      finding.fixes.push_back(std::move(fix));
    }
  });
}

}  // namespace

extern constinit const Rule recommended_packages = {
    .id = "recommended-packages",
    .aliases = {"DL3015"},
    .category = Category::size,
    .severity = Severity::info,
    .by_default = false,
    .summary = "recommended packages are installed too",
    .rationale =
        R"(APT installs what a package recommends unless `--no-install-recommends` is given. In images that is mostly dead
weight. Sometimes it is not, `ca-certificates` for `curl` above all, so the fix is for a person to look at.)",
    .fix = Applicability::unsafe,
    .check = check,
};

}  // namespace dockhew::rules
