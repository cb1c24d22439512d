// Fires on `COPY --link --chown=NAME`. With `--link` the files are put on nothing, where no user has a name, and
// builders that can do so stop. The fix takes `--link` away.
#include <string>

#include "edits/copy_flags.hpp"
#include "lint/rule.hpp"

namespace dockhew::rules {
namespace {

Fix without_link(const Dockerfile& file, const Flag& link) {
  const auto source = file.source();
  Fix fix;
  fix.title = "take `--link` away";
  fix.applicability = Applicability::safe;
  auto end = link.span.end;
  while (end < source.size() && (source[end] == ' ' || source[end] == '\t')) ++end;
  fix.edits.push_back({{link.span.begin, end}, ""});
  return fix;
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps) {
      const auto& instruction = *step.instruction;
      const auto *link = instruction.flag("link"), *owner = instruction.flag("chown");
      if (!step.copy || link == nullptr || owner == nullptr || link->value == "false") continue;
      // With a mode, builders copy as without `--link`.
      if (instruction.flag("chmod") != nullptr) continue;
      const auto value = file.expand(stage, step, owner->value);
      if (!value.is_known() || !has_names(value.text)) continue;
      auto& finding = report.add(
          owner->span, "with `--link` no user has a name, so Docker 29 and BuildKit in a container stop at `--chown=" +
                           value.text + "` with \"invalid user index\"; write numbers, or take `--link` away");
      finding.fixes.push_back(without_link(file, *link));
    }
}

}  // namespace

extern constinit const Rule link_with_owner_name = {
    .id = "link-with-owner-name",
    .category = Category::correctness,
    .severity = Severity::warning,
    .optimizes = true,
    .summary = "COPY --link gives its files to a user by name",
    .rationale =
        R"(`COPY --link` makes a layer that depends on nothing before it, so that there is no `/etc/passwd` in which a
name could be looked up. Builders that merge layers, which are those with the image store of containerd (the default of
Docker 29) and BuildKit in a container, end with "invalid user index: -1"; others ignore `--link`. From
September 2026 on, BuildKit refuses such a COPY when it reads the file.

Numbers and `root` work: `--chown=1000:1000`. The fix takes `--link` away, because which number a user has is not always
known.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
