// Fires on a tool for the build that is compiled from source, though it can be downloaded. What is compiled for the
// image itself, or with features that a published program may lack, is left alone.
#include "ecosystems/ecosystem.hpp"
#include "lint/rule.hpp"
#include "model/runs.hpp"

namespace dockhew::rules {
namespace {

void check(const Dockerfile& file, Report& report) {
  for_each_script(file, [&](const Stage&, const Step& step) {
    for (const auto& use : step.script->uses) {
      const auto* ecosystem = find_ecosystem(*use.tool);
      if (ecosystem == nullptr || ecosystem->compiled_tool == nullptr) continue;
      const auto tool = ecosystem->compiled_tool(use);
      if (!tool.empty())
        report.add(step.script->to_source(use.command->span), "this compiles `" + std::string(tool) +
                                                                  "` from source, which takes minutes; `" +
                                                                  std::string(ecosystem->instead_of_compiling) + ' ' +
                                                                  std::string(tool) + "` downloads the program");
    }
  });
}

}  // namespace

extern constinit const Rule tool_compiled_from_source = {
    .id = "tool-compiled-from-source",
    .category = Category::speed,
    .severity = Severity::info,
    .summary = "a tool that is compiled although it can be downloaded",
    .rationale =
        R"(`cargo install sqlx-cli` compiles some hundred packages, on every machine and after every change above it. `cargo
binstall` takes the program that the project has published, or that cargo-quickinstall has built, and compiles only
where there is none:

    RUN curl -L --proto '=https' --tlsv1.2 -sSf https://raw.githubusercontent.com/cargo-bins/cargo-binstall/main/install-from-binstall-release.sh | bash
    RUN cargo binstall --no-confirm sqlx-cli@0.8.2

Name a version, and put it before the source is copied. There is no fix, because whether to trust what others have built is
yours to decide.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
