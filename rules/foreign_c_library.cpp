// Fires on a program that a stage takes from another one and that cannot start there: it is linked to glibc, and the
// image has no C library, another one, or an older one. Silent unless all of that is certain.
#include <optional>
#include <string>

#include "ecosystems/command_effects.hpp"
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/system/c_library.hpp"
#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "model/site.hpp"
#include "text/path.hpp"

namespace dockhew::rules {
namespace {

// Nobody writes more of them, and for each COPY the steps of the other stage are gone through.
constexpr std::size_t most_copies = 50, most_steps = 200;

// The last use in a stage, or in those it is built on, that makes what is at a path; null where something else does, or
// may.
struct Maker {
  Site site;
  const ToolUse* use;
};
std::optional<Maker> maker_of(const Dockerfile& file, const Stage& stage, const std::string& path) {
  std::size_t steps = 0;
  for (const auto* each : chain_of(file, stage))
    for (auto step = each->steps.rbegin(); step != each->steps.rend(); ++step) {
      if (++steps > most_steps) return std::nullopt;
      const Site site{file, *each, *step};
      if (step->instruction->keyword == Keyword::run && !step->script) return std::nullopt;
      if (step->copy && (step->copy->destination.is_unknown() || path_is_under(path, step->copy->destination.text)))
        return std::nullopt;
      if (!step->script) continue;
      for (auto command = step->script->commands.rbegin(); command != step->script->commands.rend(); ++command) {
        const auto written = ecosystems::command_effects(site, *command);
        const auto covers = [&](const AffectedPath& one) { return path_is_under(path, one.path); };
        if (std::ranges::none_of(written.writes.paths, covers)) continue;
        if (command->use == nullptr) return std::nullopt;
        return Maker{site, command->use};
      }
    }
  return std::nullopt;
}

void check_copy(const Dockerfile& file, const Stage& stage, const Step& step, Report& report) {
  const auto& builder = file.stages()[*step.copy->stage];
  const auto linked = c_library_of(builder), there = c_library_of(stage);
  const auto reason = reason_against(linked, there);
  if (reason.empty() || installs_c_library(file, stage) || installs_c_library(file, builder)) return;
  for (const auto& source : step.copy->sources) {
    if (!source.known || source.text.find_first_of("*?[") != std::string::npos) continue;
    const auto path = resolve_path("/", source.text);
    const auto maker = maker_of(file, builder, path);
    if (!maker) continue;
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
