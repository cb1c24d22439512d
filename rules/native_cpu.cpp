// Fires where a compiler is told to build for the processor of the machine that builds, in a stage whose results are
// shipped: `-C target-cpu=native`, `-march=native`.
#include <array>
#include <string>
#include <string_view>

#include "lint/rule.hpp"
#include "model/runs.hpp"

namespace dockhew::rules {
namespace {

constexpr std::array<std::string_view, 3> flags = {"target-cpu=native", "-march=native", "-mcpu=native"};

void check_instruction(const Instruction& instruction, Report& report) {
  if (instruction.keyword != Keyword::env && instruction.keyword != Keyword::arg && instruction.keyword != Keyword::run)
    return;
  const auto text = instruction.arguments_text.view();
  for (const auto flag : flags) {
    const auto at = text.find(flag);
    if (at == text.npos) continue;
    const auto begin = static_cast<std::uint32_t>(at);
    report.add(
        instruction.arguments_text.to_source(Span{begin, begin + static_cast<std::uint32_t>(flag.size())}),
        "the program is built for the processor of the machine that builds it, and ends with an illegal instruction "
        "on one that lacks what that has; name the oldest processor that it must run on");
    return;
  }
}

void check(const Dockerfile& file, Report& report) {
  // Other stages may be for benchmarks.
  const auto built = built_stages(file);
  for (const auto& stage : file.stages())
    if (built[stage.index])
      for (const auto& step : stage.steps) check_instruction(*step.instruction, report);
}

}  // namespace

extern constinit const Rule native_cpu = {
    .id = "native-cpu",
    .category = Category::correctness,
    .severity = Severity::warning,
    .summary = "a program that is built for the processor of the building machine",
    .rationale =
        R"(`-C target-cpu=native` and `-march=native` let the compiler use whatever the processor of this machine has. An image runs
elsewhere: on a processor without these instructions the program ends with "Illegal instruction". Whether it does
changes with the machine that CI happens to give.

Name the oldest processor that must be able to run it, such as `-C target-cpu=x86-64-v2` or `-march=x86-64-v2`, or an
instance type's own.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
