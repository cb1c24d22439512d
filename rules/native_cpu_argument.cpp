// Fires on a build argument of a Compose file or a workflow that tells a compiler to build for the processor of the
// machine that builds, where the Dockerfile takes it. The Dockerfile alone does not show it.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "lint/build_file.hpp"
#include "lint/native_flags.hpp"
#include "lint/rule.hpp"

namespace dockhew::rules {
namespace {

bool takes(const Dockerfile& file, std::string_view name) {
  return std::ranges::any_of(file.stages(), [&](const Stage& stage) {
    return std::ranges::any_of(stage.steps, [&](const Step& step) {
      return step.instruction->keyword == Keyword::arg &&
             std::ranges::any_of(step.instruction->arguments, [&](const auto& argument) {
               return std::string_view(argument.text).substr(0, argument.text.find('=')) == name;
             });
    });
  });
}

// The value of an argument stands behind its name in the same line, before the next one.
Span value_behind(const BuildFile& file, const DeclaredBuild& build, const SaidValue& argument) {
  auto end = std::min(file.text.find('\n', argument.span.end), file.text.size());
  end = std::min(end, file.text.find(" #", argument.span.end));  // a comment
  for (const auto& other : build.arguments)
    if (other.span.begin >= argument.span.end) end = std::min<std::size_t>(end, other.span.begin);
  return {argument.span.end, static_cast<std::uint32_t>(end)};
}

void check_builds(const BuildFile& file, Report& report) {
  for (const auto& build : file.builds) {
    if (!build.dockerfile) continue;
    for (const auto& argument : build.arguments) {
      const auto value = value_behind(file, build, argument);
      const auto flag = find_native_flag(slice(file.text, value));
      if (flag.empty() || !takes(*build.dockerfile, argument.text)) continue;
      report.add({value.begin + flag.begin, value.begin + flag.end},
                 "`" + build.path + "` takes `" + argument.text + "`, so " + std::string(native_consequence));
    }
  }
}

}  // namespace

extern constinit const Rule native_cpu_argument = {
    .id = "native-cpu-argument",
    .category = Category::correctness,
    .severity = Severity::warning,
    .summary = "a build argument has a program built for the processor of the building machine",
    .rationale =
        R"(`RUSTFLAGS: "-C target-cpu=native"` in a Compose file, or `-march=native` in the `build-args` of a workflow, reaches the
compiler by the ARG of the Dockerfile. On a processor that lacks what that of the building machine has, the program ends with
"Illegal instruction"; see [native-cpu](native-cpu.md).

Name the oldest processor that must be able to run it, such as `-C target-cpu=x86-64-v2`. Silent where no ARG of the Dockerfile takes
the argument, and about values that the file takes from elsewhere.)",
    .fix = std::nullopt,
    .check_builds = check_builds,
};

}  // namespace dockhew::rules
