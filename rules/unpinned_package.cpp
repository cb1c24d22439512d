// Fires on language packages that are installed by name without a version: pip, npm, gem, go, cargo. One finding per
// RUN and tool, at the first such package.
#include <string>
#include <utility>
#include <vector>

#include "ecosystems/unpinned_packages.hpp"
#include "lint/purpose.hpp"
#include "lint/rule.hpp"

namespace dockhew::rules {
namespace {

// Whether an instruction at this place is in a stage for development, which a Compose file may ship too.
bool is_in_development(const Dockerfile& file, const std::string& path, Span span) {
  const Stage* stage = nullptr;
  for (const auto& each : file.stages())
    if (each.from->span.begin <= span.begin) stage = &each;
  return stage != nullptr && is_for_development(path, *stage);
}

void check(const Dockerfile& file, Report& report) {
  const bool newest = wants_newest(report.options().path);
  // Tools for development are meant to be new.
  const bool development = !file.stages().empty() && is_for_development(report.options().path, file.final_stage());
  std::vector<UnpinnedInstall> installs;
  for (auto& install : find_unpinned_installs(file))
    if (!install.tool->packages.of_system) installs.push_back(std::move(install));
  UnpinnedInstall* first = nullptr;  // of an image for development, which speaks for all
  if (development)
    for (auto& install : installs) {
      if (install.only_for_hadolint) continue;
      if (first == nullptr) first = &install;
      else first->packages.insert(first->packages.end(), install.packages.begin(), install.packages.end());
    }
  for (const auto& install : installs) {
    auto& finding = report.add(install.span, install.message());
    if (!install.code.empty()) finding.aliases = {install.code};
    if (development || is_in_development(file, report.options().path, install.span)) finding.severity = Severity::info;
    if (install.only_for_hadolint || newest || (development && &install != first))
      finding.severity = Severity::off;  // unless hadolint is asked
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
itself becomes the newest (`pip install --upgrade pip`) only hadolint would report, and so for `go install PACKAGE` and
`go run PACKAGE`, which take the version that go.mod has.
In an image for development, by the name of the file or of the stage (`Dockerfile.dev`, `.devcontainer/Dockerfile`), it
is a note, one for the file; in a stage of that kind it is a note too.
A file named for the newest versions (`Dockerfile-latest`, `Dockerfile.nightly`, `Dockerfile.edge`) is left alone.

Distribution packages have a separate rule, `unpinned-system-package`. There is no fix, because the Dockerfile does not
say which version works.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
