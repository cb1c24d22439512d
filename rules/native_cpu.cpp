// Fires where a compiler is told to build for the processor of the machine that builds, in a stage whose results are
// shipped: `-C target-cpu=native`, `-march=native`. The Dockerfile may say so, or the settings of the project that a
// COPY brings.
#include <algorithm>
#include <string>
#include <string_view>

#include "effects/environment.hpp"
#include "flow/wide_copies.hpp"
#include "lint/native_flags.hpp"
#include "lint/rule.hpp"
#include "model/context_path.hpp"
#include "model/runs.hpp"
#include "text/words.hpp"

namespace dockhew::rules {
namespace {

void check_instruction(const Instruction& instruction, Report& report) {
  if (instruction.keyword != Keyword::env && instruction.keyword != Keyword::arg && instruction.keyword != Keyword::run)
    return;
  const auto& words = instruction.arguments_text;
  if (const auto flag = find_native_flag(words.view()); !flag.empty())
    report.add(words.to_source(flag), std::string(native_consequence));
}

// ---- settings of the project ----------------------------------------------------------------------------------------

// The line that has such a flag outside of a comment, from 1; 0 where none does.
std::size_t line_with_flag(std::string_view text) {
  std::size_t number = 0;
  for (const auto line : split_lines(text)) {
    ++number;
    if (!find_native_flag(line.substr(0, line.find('#'))).empty()) return number;
  }
  return 0;
}

// With flags of its own a build asks for none of these settings.
bool compiles_later(const Dockerfile& file, const Stage& stage, const Step& copy) {
  return std::ranges::any_of(stage.steps, [&](const Step& step) {
    return step.index > copy.index && step.script && std::ranges::any_of(step.script->uses, [&](const ToolUse& use) {
             return use.tool->cost.compiles_dependencies && use.action->kind == ActionKind::build &&
                    environment({file, stage, step}, *use.command, "RUSTFLAGS").state == Value::State::undefined;
           });
  });
}

// `rustflags = ["-C", "target-cpu=native"]` in what the builds of a directory read.
void check_settings(const Dockerfile& file, const std::vector<bool>& built, Report& report) {
  if (!file.context().is_known()) return;
  for (const auto& copy : find_wide_copies(file)) {
    if (!built[copy.stage->index] || !compiles_later(file, *copy.stage, *copy.step)) continue;
    for (const auto* name : {".cargo/config.toml", ".cargo/config"}) {
      const auto path = join_context_path(copy.directory, name);
      const auto line = line_with_flag(file.context().read(path).value_or(""));
      if (line == 0) continue;
      report.add(copy.span, "by `" + path + "`, line " + std::to_string(line) + ", " + std::string(native_consequence));
      return;
    }
  }
}

void check(const Dockerfile& file, Report& report) {
  // Other stages may be for benchmarks.
  const auto built = built_stages(file);
  for (const auto& stage : file.stages())
    if (built[stage.index])
      for (const auto& step : stage.steps) check_instruction(*step.instruction, report);
  check_settings(file, built, report);
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

`.cargo/config.toml` counts where the build copies it. A build argument of a Compose file or a workflow that has such a value is
reported there ([native-cpu-argument](native-cpu-argument.md)).

Name the oldest processor that must be able to run it, such as `-C target-cpu=x86-64-v2` or `-march=x86-64-v2`, or an
instance type's own.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
