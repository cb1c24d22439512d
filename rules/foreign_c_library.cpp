// Fires on a program that a stage takes from another one and that cannot start there: it is linked to glibc, and the
// image has no C library, another one, or an older one. Silent unless all of that is certain.
#include <string>

#include "ecosystems/ecosystem.hpp"
#include "ecosystems/system/c_library.hpp"
#include "flow/makers.hpp"
#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "model/site.hpp"
#include "text/path.hpp"

namespace dockhew::rules {
namespace {

// Nobody writes more of them, and for each COPY the steps of the other stage are gone through.
constexpr std::size_t most_copies = 50;

void check_copy(const Dockerfile& file, const Stage& stage, const Step& step, Report& report) {
  const auto& builder = file.stages()[*step.copy->stage];
  const auto linked = c_library_of(builder), there = c_library_of(stage);
  const auto reason = reason_against(linked, there);
  if (reason.empty() || installs_c_library(file, stage) || installs_c_library(file, builder)) return;
  for (const auto& source : step.copy->sources) {
    const auto maker = maker_of(file, *step.copy, source);
    if (!maker) continue;
    const auto path = resolve_path("/", source.text);
    const auto* ecosystem = find_ecosystem(*maker->use->tool);
    if (ecosystem == nullptr || ecosystem->links_c_library == nullptr ||
        !ecosystem->links_c_library(maker->site, *maker->use))
      continue;
    report.add(source.span,
               "`" + path + "` cannot start in `" + stage.base.text + "`, " + reason + ": it is linked to glibc" +
                   (linked.minor > 0 ? " 2." + std::to_string(linked.minor) : "") + " of `" + builder.base.text + "`");
  }
}

// An image that starts nothing is there to hand its files out: `docker build --output`.
bool starts_something(const Dockerfile& file, const Stage& stage) {
  return !stage.scratch || last_step(file, stage, Keyword::cmd) != nullptr ||
         last_step(file, stage, Keyword::entrypoint) != nullptr;
}

void check(const Dockerfile& file, Report& report) {
  std::size_t copies = 0;
  for (const auto& stage : file.stages()) {
    if (!file.ships(stage) || !starts_something(file, stage)) continue;
    for (const auto& step : stage.steps)
      if (step.copy && step.copy->stage && ++copies <= most_copies) check_copy(file, stage, step, report);
  }
}

}  // namespace

extern constinit const Rule foreign_c_library = {
    .id = "foreign-c-library",
    .category = Category::correctness,
    .severity = Severity::warning,
    .summary = "a program is copied into an image whose C library it cannot use",
    .rationale =
        R"(A program that is linked to glibc looks for it when it starts. Alpine has musl in its place, and `scratch` and
`distroless/static` have nothing, so the container ends with "no such file or directory". An older glibc ends it with
"version `GLIBC_2.34' not found": every program that is linked with glibc 2.34 or later (Debian 12, Ubuntu 22.04) asks
for that version.

Build in an image of the same release as the one that runs the program, or make a program that needs no C library:
`CGO_ENABLED=0 go build`, `cargo build --target x86_64-unknown-linux-musl`.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
