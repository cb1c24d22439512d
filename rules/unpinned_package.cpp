// Fires on language packages that are installed by name without a version: pip, npm, gem, go, cargo. One finding per
// command, at the first such package.
#include "ecosystems/unpinned_packages.hpp"
#include "lint/rule.hpp"

namespace dockhew::rules {
namespace {

void check(const Dockerfile& file, Report& report) {
  for (const auto& install : find_unpinned_installs(file)) {
    if (!install.tool->packages.of_system) {
      auto& finding = report.add(install.span, install.message);
      if (!install.code.empty()) finding.aliases = {install.code};
      if (install.only_own) finding.severity = Severity::off;  // unless hadolint is asked
    }
  }
}

}  // namespace

extern constinit const Rule unpinned_package = {
    .id = "unpinned-package",
    .aliases = {"DL3013", "DL3016", "DL3028", "DL3062"},
    .category = Category::reproducibility,
    .severity = Severity::warning,
    .summary = "a package is installed without a version",
    .rationale = R"(A package named without a version is whatever is newest when the layer happens to be rebuilt. Pin
it, or install from a lock file. Language registries keep old versions, so a pin keeps working. That the package manager
itself becomes the newest (`pip install --upgrade pip`) only hadolint would report.

Distribution packages have a separate rule, `unpinned-system-package`. There is no fix, because the Dockerfile does not
say which version works.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
