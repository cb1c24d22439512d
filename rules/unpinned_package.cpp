// Fires on packages that are installed by name without a version. One finding a command, at the first such package.
// What a manifest or a lock file declares is not reported.
#include <algorithm>
#include <string_view>

#include "lint/rule.hpp"
#include "model/tool_use.hpp"

namespace dockhew::rules {
namespace {

constexpr std::pair<std::string_view, std::string_view> hadolint_names[] = {
    {"apt", "DL3008"}, {"pip", "DL3013"}, {"npm", "DL3016"}, {"go", "DL3062"}};

bool is_local(std::string_view word) {
  return word == "." || word.starts_with("./") || word.starts_with("../") || word.starts_with('/');
}

bool is_pinned(const ToolUse& use, std::string_view package) {
  const auto& tool = *use.tool;
  if (is_local(package) || package.find("://") != package.npos || package.starts_with("git+")) return true;
  if (tool.id == "apt")
    return package.find('=') != package.npos || package.find('/') != package.npos || package.ends_with('-');
  if (tool.id == "pip") {
    return package.find("==") != package.npos || package.find("~=") != package.npos ||
           package.find("===") != package.npos || package.find('@') != package.npos ||
           package.find('<') != package.npos || package.ends_with(".whl") || package.ends_with(".tar.gz") ||
           package.find('/') != package.npos || package.ends_with(".txt");
  }
  if (tool.id == "npm") {
    const auto at = package.find('@', 1);
    if (package.ends_with(".tgz") || (package.find('/') != package.npos && !package.starts_with('@'))) return true;
    return at != package.npos && package.substr(at + 1) != "latest";
  }
  if (tool.id == "go") {
    const auto at = package.find('@');
    return at == package.npos || (package.substr(at + 1) != "latest" && package.substr(at + 1) != "master" &&
                                  package.substr(at + 1) != "main");
  }
  if (tool.id == "cargo")
    return package.find('@') != package.npos || use.has_option("--version") || use.has_option("--vers") ||
           use.has_option("--git");
  return true;
}

void check_use(const Step& step, const ToolUse& use, Report& report) {
  if (use.action->kind != ActionKind::install &&
      !(use.tool->id == "go" && use.action->words == std::vector<std::string>{"install"}))
    return;
  if (use.tool->id == "apt" && use.action->words != std::vector<std::string>{"install"}) return;
  const auto& words = use.command->words;
  std::vector<std::size_t> loose;
  for (const auto i : use.operands) {
    // A word that is not known may carry its version in a variable.
    if (!words[i].value.is_known() || words[i].text().empty()) continue;
    if (!is_pinned(use, words[i].text())) loose.push_back(i);
  }
  if (loose.empty()) return;
  const auto& first = words[loose[0]];
  std::string message = "`" + first.text() + "` is installed without a version";
  if (loose.size() > 1)
    message =
        "`" + first.text() + "` and " + std::to_string(loose.size() - 1) + " more are installed without a version";
  auto& finding = report.add(step.script->to_source(first.span), std::move(message));
  for (const auto& [tool, alias] : hadolint_names)
    if (tool == use.tool->id) finding.aliases = {std::string(alias)};
  if (use.tool->pin_severity == "info") finding.severity = Severity::info;
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps)
      if (step.script)
        for (const auto& use : find_tool_uses(file.facts(), *step.script)) check_use(step, use, report);
}

}  // namespace

extern constinit const Rule unpinned_package = {
    .id = "unpinned-package",
    .aliases = {"DL3008", "DL3013", "DL3016", "DL3062"},
    .category = Category::reproducibility,
    .severity = Severity::warning,
    .summary = "a package is installed without a version",
    .rationale = R"(A package that is named without a version is whatever is newest when the layer happens to be
rebuilt. Pin it, or install from a lock file.

For APT this is only a note: Debian removes old versions from its mirrors, so a pin there breaks
builds as often as it saves them; pinning the base image by digest and using a snapshot is the
stronger form.

There is no fix: which version is meant is known to you.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
