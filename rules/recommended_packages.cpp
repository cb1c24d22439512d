// Fires on an installation that also installs recommended packages, which were not named and are not required.
#include "lint/command_fix.hpp"
#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "model/tool_use.hpp"

namespace dockhew::rules {
namespace {

bool is_lean(const ToolUse& use) {
  for (const auto& option : use.tool->packages.lean_options)
    if (use.has_option(option) || use.command->has_word(option)) return true;
  return false;
}

void check(const Dockerfile& file, Report& report) {
  for_each_script(file, [&](const Stage&, const Step& step) {
    for (const auto& use : step.script->uses) {
      const auto code = use.tool->codes.find("recommends");
      if (code == use.tool->codes.end() || !use.action->packages || is_lean(use)) continue;
      const auto& verb = use.command->words[use.first - 1];
      auto& finding = report.add(step.script->to_source(verb.span), "recommended packages are installed too",
                                 {std::string(code->second)});
      auto fix = insert_after(step, *use.command, verb, std::string(use.tool->packages.lean_options[0]),
                              "do not install recommended packages", Applicability::unsafe);
      if (fix.declined.empty())
        fix.checklist.push_back("nothing in the image needs a package that is only recommended");
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
        R"(APT installs what a package recommends unless `--no-install-recommends` is given. In images that is mostly
dead weight. Sometimes it is not (above all `ca-certificates` for `curl`), so the fix needs review.)",
    .fix = Applicability::unsafe,
    .check = check,
};

}  // namespace dockhew::rules
