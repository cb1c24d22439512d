// Fires where a RUN gives a directory to another user after another stage's results or a package manager's packages
// have come into it: the layer of the RUN holds all of it once more. The fix lets each COPY set the owner.
#include <string>

#include "layers/late_ownership.hpp"
#include "layers/owned_copies.hpp"
#include "lint/rule.hpp"
#include "text/position.hpp"

namespace dockhew::rules {
namespace {

Fix fix_of(const Dockerfile& file, const LateOwnership& late) {
  Fix fix;
  fix.title = "let COPY set the owner";
  auto owned = own_copies(file, late);
  if (!owned) return decline(fix, owned.reason());
  fix.applicability = Applicability::conditional;
  fix.edits = std::move(owned->edits);
  fix.moves = std::move(owned->copies);
  fix.assumptions = std::move(owned->assumptions);
  return fix;
}

void check(const Dockerfile& file, Report& report) {
  const LineIndex lines(file.source());
  for (const auto& late : find_late_ownership(file)) {
    const auto line = std::to_string(lines.line(late.maker->instruction->span.begin));
    const bool copied = late.maker->copy.has_value();
    const bool has_owner = copied && late.maker->instruction->flag("chown") != nullptr;
    auto& finding = report.add(
        late.run->script->to_source(late.command->span),
        "`chown` stores `" + late.owned.path + "` once more, with all that line " + line + " has " +
            (has_owner ? "copied into it with an owner; give `chown` only what is new"
             : copied  ? "copied into it; let COPY set the owner with `--chown`"
                       : "installed; run that as this user, or give it only the directories that it writes to"));
    finding.fixes.push_back(fix_of(file, late));
  }
}

}  // namespace

extern constinit const Rule owner_in_later_layer = {
    .id = "owner-in-later-layer",
    .category = Category::size,
    .severity = Severity::warning,
    .optimizes = true,
    .summary = "chown -R stores a second time what earlier layers hold",
    .rationale =
        R"(A layer holds whole files, so `chown -R` puts everything that it touches into its own layer once more, even where
the owner stays the same. Where that is a virtual environment, `node_modules` or a program from another stage, the image
grows by as much. `COPY --chown` sets the owner at once.

The fix gives the flag to each COPY into the directory and lets `chown` change the directories alone, if nothing but COPYs
and `mkdir` has put anything there. A user that a later RUN creates is created before the first of these COPYs. What a RUN has installed would have to be
installed by that user; often it is enough to give the user the directories that the program writes to.

Silent about source that comes from the build context, which is small, and in stages that are not shipped.)",
    .fix = Applicability::conditional,
    .check = check,
};

}  // namespace dockhew::rules
