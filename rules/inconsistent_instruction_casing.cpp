// Fires on instructions whose case differs from that of most others. Only words in a single case are counted; a tie
// goes to upper case. Arguments before the first FROM and ONBUILD triggers do not count.
#include <algorithm>
#include <vector>

#include "lint/rule.hpp"
#include "text/utf8.hpp"

namespace dockhew::rules {
namespace {

bool is_lower(const std::string& word) { return word == to_lower_ascii(word); }
bool is_upper(const std::string& word) { return word == to_upper_ascii(word); }

void check(const Dockerfile& file, Report& report) {
  std::vector<const Instruction*> counted;
  for (const auto& instruction : file.instructions()) {
    const bool global = counted.empty() && instruction.keyword != Keyword::from;
    if (!global && instruction.keyword != Keyword::unknown) counted.push_back(&instruction);
  }
  const auto lower = std::ranges::count_if(counted, is_lower, &Instruction::word);
  const auto upper = std::ranges::count_if(counted, is_upper, &Instruction::word);
  const bool wants_lower = lower > upper;
  for (const auto* instruction : counted) {
    auto wanted = wants_lower ? to_lower_ascii(instruction->word) : to_upper_ascii(instruction->word);
    if (wanted == instruction->word) continue;
    auto& finding = report.add(instruction->keyword_span,
                               "Command '" + instruction->word + "' should match the case of the command majority (" +
                                   (wants_lower ? "lowercase" : "uppercase") + ")",
                               {"ConsistentInstructionCasing"});
    Fix fix;
    fix.title = "write `" + wanted + "`";
    fix.applicability = Applicability::safe;
    fix.edits.push_back({instruction->keyword_span, std::move(wanted)});
    finding.fixes.push_back(std::move(fix));
  }
}

}  // namespace

extern constinit const Rule inconsistent_instruction_casing = {
    .id = "inconsistent-instruction-casing",
    .aliases = {"ConsistentInstructionCasing"},
    .category = Category::style,
    .severity = Severity::warning,
    .by_default = false,
    .summary = "instructions in different cases",
    .rationale =
        R"(`run` builds like `RUN`. Upper case is the convention, because it sets instructions apart from their
arguments; a file that is entirely in lower case is left alone.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
