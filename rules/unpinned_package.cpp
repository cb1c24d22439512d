// Fires on packages that are installed by name without a version. One finding a command, at the first such package.
// What a manifest or a lock file declares is not reported.
#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "model/tool_use.hpp"

namespace dockhew::rules {
namespace {

bool has_any(std::string_view text, std::initializer_list<std::string_view> parts) {
  return std::ranges::any_of(parts, [&](std::string_view part) { return text.find(part) != text.npos; });
}

bool ends_with_any(std::string_view text, std::initializer_list<std::string_view> ends) {
  return std::ranges::any_of(ends, [&](std::string_view end) { return text.ends_with(end); });
}

bool is_path(std::string_view word) {
  return word == "." || word == ".." || word.starts_with("./") || word.starts_with("../") || word.starts_with('/') ||
         word.starts_with("~/");
}

bool is_repository(std::string_view word) {
  return word.starts_with("git+") || word.starts_with("git://") || word.starts_with("hg+") ||
         word.starts_with("svn+") || word.starts_with("bzr+");
}

bool is_version(std::string_view text) {
  return !text.empty() && text != "latest" && text != "master" && text != "main" && text != "none";
}

// "name-1.2.3-4.el9", where a name may have dashes of its own.
bool has_rpm_version(std::string_view package) {
  for (auto dash = package.find('-'); dash != package.npos; dash = package.find('-', dash + 1))
    if (dash + 1 < package.size() && '0' <= package[dash + 1] && package[dash + 1] <= '9') return true;
  return package.ends_with(".rpm");
}

bool is_pinned_python(std::string_view package) {
  // A repository is pinned behind the '@' of its path, not the one of a user.
  if (is_repository(package)) return package.find('@', package.find('/', package.find("://") + 3)) != package.npos;
  return has_any(package, {"==", "~=", ">=", "<=", "!=", ">", "<", "@", "/"}) ||
         ends_with_any(package, {".whl", ".tar.gz", ".zip", ".txt"});
}

bool is_pinned_npm(std::string_view package) {
  if (is_repository(package)) return package.find('#') != package.npos;
  if (ends_with_any(package, {".tar", ".tar.gz", ".tgz"})) return true;
  const auto at = package.find('@', 1);
  if (at == package.npos) return package.find('/') != package.npos && !package.starts_with('@');
  return package.substr(at + 1) != "latest";
}

// A path of a module on some host; what is local has the version of this module.
bool is_pinned_go(const ToolUse& use, std::string_view package) {
  if (const auto at = package.find('@'); at != package.npos) return is_version(package.substr(at + 1));
  const bool tool = use.has_option("-tool");
  const bool remote =
      package.substr(0, package.find('/')).find('.') != package.npos && package.find('/') != package.npos;
  return !(remote || tool) || package.ends_with(".go") || package.ends_with("...");
}

bool is_pinned(const ToolUse& use, std::string_view package) {
  const auto& form = use.tool->pin_form;
  if (is_path(package)) return true;
  if (form == "apt") return has_any(package, {"=", "/"}) || ends_with_any(package, {"-", ".deb"});
  if (form == "apk") return has_any(package, {"=", "~", "<", ">"}) || package.ends_with(".apk");
  if (form == "rpm" && use.action->words.size() > 1) return package.find(':') != package.npos;  // a module
  if (form == "rpm") return has_rpm_version(package) || package.find("://") != package.npos;
  if (form == "zypper") return has_any(package, {"=", "<", ">"}) || package.ends_with(".rpm");
  if (form == "python") return is_pinned_python(package);
  if (form == "npm") return is_pinned_npm(package);
  if (form == "go") return is_pinned_go(use, package);
  if (form == "at") return package.find('@') != package.npos;
  if (form == "colon") return package.find(':') != package.npos || package.ends_with(".gem");
  return true;
}

// Of `go run` only the first operand is a package.
std::vector<std::size_t> packages(const ToolUse& use) {
  auto operands = use.operands;
  if (use.tool->pin_form == "go" && use.action->words[0] == "run" && operands.size() > 1) operands.resize(1);
  // Behind "--" stand options of the build.
  if (use.tool->pin_form == "colon")
    std::erase_if(operands, [&](std::size_t i) {
      for (std::size_t w = use.first; w < i; ++w)
        if (use.command->words[w].raw == "--") return true;
      return false;
    });
  return operands;
}

void check_use(const Step& step, const ToolUse& use, Report& report) {
  if (!use.action->packages || use.tool->pin_form.empty()) return;
  for (const auto& option : use.tool->pin_options)
    if (use.has_option(option)) return;
  const auto& words = use.command->words;
  std::vector<std::size_t> loose;
  for (const auto i : packages(use)) {
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
  const auto code = use.tool->codes.find("unpinned");
  auto& finding = report.add(step.script->to_source(first.span), std::move(message));
  if (code != use.tool->codes.end()) finding.aliases = {code->second};
  if (use.tool->pin_severity == "info") finding.severity = Severity::info;
}

void check(const Dockerfile& file, Report& report) {
  for_each_script(file, [&](const Stage&, const Step& step) {
    for (const auto& use : find_tool_uses(file.facts(), *step.script)) check_use(step, use, report);
  });
}

}  // namespace

extern constinit const Rule unpinned_package = {
    .id = "unpinned-package",
    .aliases = {"DL3008", "DL3013", "DL3016", "DL3018", "DL3028", "DL3033", "DL3037", "DL3041", "DL3062"},
    .category = Category::reproducibility,
    .severity = Severity::warning,
    .summary = "a package is installed without a version",
    .rationale = R"(A package that is named without a version is whatever is newest when the layer happens to be
rebuilt. Pin it, or install from a lock file.

For the packages of a distribution this is only a note: their mirrors remove old versions, so a pin there breaks
builds as often as it saves them; pinning the base image by digest and using a snapshot is the
stronger form.

There is no fix: which version is meant is known to you.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
