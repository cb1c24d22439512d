// Fires on distribution packages that are installed without a version: apt, apk, dnf, yum, zypper. One finding per
// RUN and tool, at the first such package.
#include "ecosystems/unpinned_packages.hpp"
#include "lint/rule.hpp"

namespace dockhew::rules {
namespace {

void check(const Dockerfile& file, Report& report) {
  for (const auto& install : find_unpinned_installs(file)) {
    if (install.tool->packages.of_system) {
      auto& finding = report.add(install.span, install.message());
      if (!install.code.empty()) finding.aliases = {install.code};
    }
  }
}

}  // namespace

extern constinit const Rule unpinned_system_package = {
    .id = "unpinned-system-package",
    .aliases = {"DL3008", "DL3018", "DL3033", "DL3037", "DL3041"},
    .category = Category::reproducibility,
    .severity = Severity::warning,
    .by_default = false,
    .summary = "a distribution package is installed without a version",
    .rationale = R"(What gets installed is whatever the mirrors have when the layer happens to be rebuilt.

The rule is off by default, because distribution mirrors remove old versions: a pin breaks builds as often as it saves
them. It is more reliable to pin the base image by digest and install from a snapshot of the mirror.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
