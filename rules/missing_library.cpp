// Fires on a program that a stage takes from another one and that cannot start there, because it loads a library that
// the image does not have: built with libpq-dev, and started where libpq5 was not installed.
#include <cstddef>
#include <string>

#include "ecosystems/ecosystem.hpp"
#include "ecosystems/system/absent_libraries.hpp"
#include "flow/makers.hpp"
#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "text/path.hpp"

namespace dockhew::rules {
namespace {

// Nobody writes more of them, and for each COPY the steps of the other stage are gone through.
constexpr std::size_t most_copies = 50;

void check_copy(const Dockerfile& file, const Stage& stage, const Step& step, Report& report) {
  for (const auto& source : step.copy->sources) {
    const auto maker = maker_of(file, *step.copy, source);
    if (!maker || !is_compiled_program(*maker, source.text)) continue;
    const auto* ecosystem = find_ecosystem(*maker->use->tool);
    if (ecosystem == nullptr || ecosystem->loaded_libraries == nullptr) continue;
    std::string packages;
    std::size_t count = 0;
    for (const auto& headers : ecosystem->loaded_libraries(maker->site, *maker->use))
      if (const auto package = package_of_absent_library(file, stage, headers); !package.empty())
        packages += (count++ == 0 ? "`" : " and `") + package + '`';
    if (packages.empty()) continue;
    report.add(source.span, "`" + resolve_path("/", source.text) + "` cannot start in `" + stage.base.text +
                                "`: it loads " + (count == 1 ? "the library" : "libraries") + " of " + packages +
                                ", which the image does not have and no step installs");
  }
}

void check(const Dockerfile& file, Report& report) {
  std::size_t copies = 0;
  for (const auto& stage : file.stages()) {
    if (!file.ships(stage)) continue;
    for (const auto& step : stage.steps)
      if (step.copy && step.copy->stage && ++copies <= most_copies) check_copy(file, stage, step, report);
  }
}

}  // namespace

extern constinit const Rule missing_library = {
    .id = "missing-library",
    .category = Category::correctness,
    .severity = Severity::warning,
    .summary = "a program is copied into an image that lacks a library it loads",
    .rationale =
        R"(The headers of a library, `libpq-dev` or `libssl-dev`, bring the library into the image that builds. The program looks
for it again when it starts, and ends with "error while loading shared libraries: libpq.so.5: cannot open shared object
file" where it is not.

Install the library without its headers in the stage that runs the program: `libpq5`, `libssl3`. The finding names the
package of the image's release. Which crates a program consists of is read from Cargo.toml and Cargo.lock in the build
context; where features or a workspace decide it, nothing is said.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
