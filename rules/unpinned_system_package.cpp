// Fires on packages of the distribution that are installed without a version: apt, apk, dnf, yum, zypper. One finding a
// command, at the first such package.
#include "ecosystems/unpinned_packages.hpp"
#include "lint/rule.hpp"

namespace dockhew::rules {
namespace {

void check(const Dockerfile& file, Report& report) {
  for (const auto& install : find_unpinned_installs(file)) {
    if (install.tool->system_packages) {
      auto& finding = report.add(install.span, install.message);
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
    .summary = "a package of the distribution is installed without a version",
    .rationale = R"(What is installed is whatever the mirrors hold when the layer happens to be rebuilt.

The rule does not run by default, because the mirrors of distributions remove old versions: a pin there breaks builds as often as it
saves them. Pinning the base image by digest and installing from a snapshot of the mirror is the stronger form.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
