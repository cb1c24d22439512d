// Fires on what the project's builder does not support: mounts for Docker's legacy builder, heredocs for Kaniko. If no
// builder is named the rule is silent, because BuildKit supports everything.
#include <algorithm>
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

// Kaniko reads the flags of RUN and ignores them, so a cache is empty, which does no harm; what another mount would
// bring is not there.
bool is_missed(const Flag& flag) {
  return flag.name == "mount" && flag.value.find("type=cache") == flag.value.npos &&
         flag.value.find("type=tmpfs") == flag.value.npos;
}

void check_kaniko(const Instruction& instruction, Report& report) {
  const bool run = instruction.keyword == Keyword::run;
  if (!instruction.heredocs.empty())
    report.add(instruction.keyword_span, run ? "Kaniko does not support heredocs: it runs nothing of this script"
                                             : "Kaniko does not support heredocs");
  for (const auto& flag : instruction.flags)
    if (run && is_missed(flag)) report.add(flag.span, "Kaniko ignores this mount, so what it brings is not there");
}

// Up to what follows it, so that a flag on a line of its own goes with its line.
Fix without_flag(const Dockerfile& file, const Instruction& instruction, const Flag& flag) {
  Fix fix;
  fix.title = "leave the flag out";
  auto end = instruction.arguments_text.to_source(std::uint32_t{0});
  for (const auto& other : instruction.flags)
    if (other.span.begin > flag.span.begin) end = std::min(end, other.span.begin);
  if (slice(file.source(), {flag.span.end, end}).find('#') != std::string_view::npos) {
    fix.declined = "there is a comment behind it";
    return fix;
  }
  fix.edits.push_back({{flag.span.begin, end}, ""});
  if (flag.name == "mount") {
    fix.applicability = Applicability::unsafe;
    fix.checklist.emplace_back("what the mount has held is now in the layer: remove what the image does not need");
  } else {
    fix.applicability = Applicability::conditional;
    fix.assumptions = {{"no-links", "the image has no links where this copies to"}};
  }
  return fix;
}

// Only a cache is nothing that the build needs to find.
bool may_go(const Flag& flag) {
  return flag.name == "link" || (flag.name == "mount" && flag.value.find("type=cache") != flag.value.npos);
}

void check_instruction(const Dockerfile& file, const Instruction& instruction, Builder builder, Report& report) {
  const auto add = [&](Span span, std::string what) -> Finding& {
    return report.add(span, std::string(name_of(builder)) + " does not support " + what);
  };
  if (builder == Builder::kaniko) check_kaniko(instruction, report);
  if (builder == Builder::legacy && !instruction.heredocs.empty()) add(instruction.keyword_span, "heredocs");
  for (const auto& flag : instruction.flags) {
    const bool run = instruction.keyword == Keyword::run;
    // It is the only builder that does not set them: `FROM --platform=$BUILDPLATFORM`.
    if (instruction.keyword == Keyword::from && builder == Builder::legacy && flag.value.find('$') != flag.value.npos &&
        flag.value.find("PLATFORM") != flag.value.npos)
      add(flag.span, "`" + flag.value + "` in `--platform`");
    if (run && builder == Builder::legacy) {
      auto& finding = add(flag.span, "`RUN --" + flag.name + '`');
      if (may_go(flag)) finding.fixes.push_back(without_flag(file, instruction, flag));
    }
    if (run && builder == Builder::buildah && flag.name == "device") add(flag.span, "`RUN --device`");
    if (run || builder == Builder::buildah) continue;
    if (flag.name == "link" || flag.name == "parents" || flag.name == "exclude" || flag.name == "unpack" ||
        flag.name == "keep-git-dir" || (flag.name == "checksum" && builder != Builder::kaniko) ||
        (flag.name == "chmod" && builder == Builder::legacy)) {
      auto& finding = add(flag.span, "`--" + flag.name + '`');
      if (may_go(flag)) finding.fixes.push_back(without_flag(file, instruction, flag));
    }
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
          report
              .add(mount.span,
                   "Buildah 1.28, that of Debian 12, hangs here: an earlier RUN still holds this lock, because it has "
                   "another cache mount after it; leave out `sharing=locked`")
              .severity = Severity::warning;
        if (&mount != last) held.insert(mount.cache_key());
      }
    }
}

void check(const Dockerfile& file, Report& report) {
  const auto builder = report.options().builder;
  if (builder == Builder::buildkit) return;
  for (const auto& instruction : file.instructions()) {
    check_instruction(file, instruction, builder, report);
    for (const auto& trigger : instruction.trigger) check_instruction(file, trigger, builder, report);
  }
  if (builder != Builder::buildah) return;
  check_locks(file, report);
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps)
      for (const auto& mount : step.mounts)
        if (mount.type == Mount::Type::cache && !mount.id.empty() && !mount.id.starts_with('/') &&
            slice(file.source(), mount.span).find("id=") == std::string_view::npos)
          report.add(mount.span, "Buildah 1.28, that of Debian 12, does not support relative targets").severity =
              Severity::warning;
}

}  // namespace

extern constinit const Rule unsupported_by_builder = {
    .id = "unsupported-by-builder",
    .category = Category::correctness,
    .severity = Severity::error,
    .optimizes = true,
    .summary = "the project's builder does not support this",
    .rationale =
        R"(`--builder`, or `builder:` in `.dockhew.yaml`, names the builder: `buildkit` (the default), `buildah`,
`kaniko` or `legacy`. Docker's legacy builder does not support mounts, and Kaniko ignores them, so none are proposed for them.
Of Buildah the newest release is assumed: heredocs came with 1.35, `--exclude` with 1.38, `--parents` with 1.40, `--link` with
1.41, and its own mount options (`z`, `relabel=`) are no errors. What only Debian 12's Buildah, 1.28, cannot do is a warning: it
knows no relative targets, and if one RUN has several cache mounts, it releases only the lock of the last one. Of Kaniko the last
release of its first authors is assumed, 1.24, which runs nothing of a heredoc.

`dockhew optimize --builder legacy --output Dockerfile.legacy Dockerfile` writes a form without cache mounts and `--link`
beside the one for BuildKit.)",
    .fix = Applicability::conditional,
    .check = check,
};

}  // namespace dockhew::rules
