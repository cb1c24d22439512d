// Fires on the first RUN of a stage that begins with nothing and into which nothing has been copied: there is no
// program that it could run.
#include "lint/rule.hpp"
#include "model/runs.hpp"

namespace dockhew::rules {
namespace {

// Whether an instruction brings files into the stage, or says what runs the commands.
bool may_bring_program(const Step& step) {
  const auto keyword = step.instruction->keyword;
  return keyword == Keyword::copy || keyword == Keyword::add || keyword == Keyword::shell || !step.mounts.empty();
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages()) {
    if (!stage.scratch || stage.base_from_argument) continue;
    for (const auto& each : steps_of_chain(file, stage)) {
      if (may_bring_program(*each.step)) break;
      if (each.step->instruction->keyword != Keyword::run) continue;
      if (each.stage == &stage)
        report.add(each.step->instruction->head_span(),
                   "nothing can run here: the stage begins with nothing (`FROM scratch`), and nothing has been copied "
                   "into it");
      break;
    }
  }
}

}  // namespace

extern constinit const Rule run_in_scratch_stage = {
    .id = "run-in-scratch-stage",
    .category = Category::correctness,
    .severity = Severity::error,
    .stops_build = true,
    .summary = "a RUN in an empty stage",
    .rationale =
        R"(`FROM scratch` begins with no file at all, so there is no shell and no program, and the build fails at the
first RUN. Run the commands in another stage and copy what they make.

Silent once a COPY or an ADD has brought anything, where SHELL names what runs the commands, and where the RUN has a
mount, which may have a program. There is no fix, because only you know where the commands should run.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
