// Fires on a CMD, ENTRYPOINT or HEALTHCHECK that a later one of the same stage replaces.
#include <map>
#include <utility>

#include "edits/run_edits.hpp"
#include "lint/rule.hpp"

namespace dockhew::rules {
namespace {

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages()) {
    std::map<Keyword, const Instruction*> last;
    for (const auto& step : stage.steps) {
      const auto keyword = step.instruction->keyword;
      if (keyword != Keyword::cmd && keyword != Keyword::entrypoint && keyword != Keyword::healthcheck) continue;
      const auto earlier = std::exchange(last[keyword], step.instruction);
      if (earlier == nullptr) continue;
      const auto& name = step.instruction->word;
      const auto* hadolint = keyword == Keyword::cmd ? "DL4003" : keyword == Keyword::entrypoint ? "DL4004" : "DL3012";
      auto& finding = report.add(earlier->head_span(),
                                 "Multiple " + name +
                                     " instructions should not be used in the same stage because only the last one "
                                     "will be used",
                                 {"MultipleInstructionsDisallowed", hadolint});
      Fix fix;
      fix.title = "remove the " + name + " that has no effect";
      fix.applicability = Applicability::safe;
      if (auto edit = remove_instruction(file.document(), *earlier)) fix.edits.push_back(std::move(*edit));
      else fix.declined = "it contains comments";
      finding.fixes.push_back(std::move(fix));
    }
  }
}

}  // namespace

extern constinit const Rule repeated_instruction = {
    .id = "repeated-instruction",
    .aliases = {"MultipleInstructionsDisallowed", "DL4003", "DL4004", "DL3012"},
    .category = Category::correctness,
    .severity = Severity::warning,
    .summary = "a CMD, ENTRYPOINT or HEALTHCHECK has no effect",
    .rationale =
        R"(Only the last CMD, ENTRYPOINT and HEALTHCHECK of a stage count. Earlier ones do nothing and mislead the
reader.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
