// Fires on what the project's builder does not support: mounts for Kaniko and Docker's legacy builder, heredocs and
// some flags for Buildah. If no builder is named the rule is silent, because BuildKit supports everything.
#include <set>
#include <string>

#include "lint/rule.hpp"

namespace dockhew::rules {
namespace {

std::string_view name_of(Builder builder) {
  switch (builder) {
    case Builder::buildkit: return "BuildKit";
    case Builder::buildah: return "Buildah";
    case Builder::kaniko: return "Kaniko";
    case Builder::legacy: return "Docker's legacy builder";
  }
  return "";
}

void check_instruction(const Instruction& instruction, Builder builder, Report& report) {
  const auto add = [&](Span span, std::string what) {
    report.add(span, std::string(name_of(builder)) + " does not support " + what);
  };
  if (builder != Builder::kaniko && !instruction.heredocs.empty()) add(instruction.keyword_span, "heredocs");
  for (const auto& flag : instruction.flags) {
    const bool run = instruction.keyword == Keyword::run, add_or_copy = !run;
    if (run && builder != Builder::buildah) add(flag.span, "`RUN --" + flag.name + '`');
    if (run && builder == Builder::buildah && flag.name == "device") add(flag.span, "`RUN --device`");
    if (add_or_copy &&
        (flag.name == "link" || flag.name == "parents" || flag.name == "exclude" || flag.name == "unpack" ||
         flag.name == "keep-git-dir" || (flag.name == "checksum" && builder != Builder::kaniko)))
      add(flag.span, "`--" + flag.name + '`');
  }
}

// If a RUN has several cache mounts, Buildah releases only the lock of the last one before the build ends.
void check_locks(const Dockerfile& file, Report& report) {
  std::set<std::string> held;
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps) {
      const Mount* last = nullptr;
      for (const auto& mount : step.mounts)
        if (mount.type == Mount::Type::cache) last = &mount;
      for (const auto& mount : step.mounts) {
        if (mount.type != Mount::Type::cache || mount.sharing != "locked" || !mount.target.is_known()) continue;
        if (held.contains(mount.cache_key()))
          report.add(mount.span,
                     "Buildah hangs here: an earlier RUN still holds this lock, because it has another cache mount "
                     "after it; leave out `sharing=locked`");
        if (&mount != last) held.insert(mount.cache_key());
      }
    }
}

void check(const Dockerfile& file, Report& report) {
  const auto builder = report.options().builder;
  if (builder == Builder::buildkit) return;
  for (const auto& instruction : file.instructions()) {
    check_instruction(instruction, builder, report);
    for (const auto& trigger : instruction.trigger) check_instruction(trigger, builder, report);
  }
  if (builder != Builder::buildah) return;
  check_locks(file, report);
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps)
      for (const auto& mount : step.mounts)
        if (mount.type == Mount::Type::cache && !mount.id.empty() && !mount.id.starts_with('/') &&
            slice(file.source(), mount.span).find("id=") == std::string_view::npos)
          report.add(mount.span, "Buildah does not support relative targets");
}

}  // namespace

extern constinit const Rule unsupported_by_builder = {
    .id = "unsupported-by-builder",
    .category = Category::correctness,
    .severity = Severity::error,
    .summary = "the project's builder does not support this",
    .rationale =
        R"(`--builder`, or `builder:` in `.dockhew.yaml`, names the builder: `buildkit` (the default), `buildah`,
`kaniko` or `legacy`. Kaniko and Docker's legacy builder do not support mounts, so none are proposed for them either.
Buildah is assumed to be version 1.28, as in Debian 12: it supports mounts, but neither heredocs nor `COPY --link`, and
if one RUN has several cache mounts, it releases only the lock of the last one.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
