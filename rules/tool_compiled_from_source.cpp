// Fires on a tool for the build that is compiled from source, though it can be downloaded. What is compiled for the
// image itself, or with features that a published program may lack, is left alone.
#include <algorithm>
#include <string>
#include <vector>

#include "ecosystems/ecosystem.hpp"
#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "text/words.hpp"

namespace dockhew::rules {
namespace {

// What the scripts of a stage compile.
struct Compiled {
  const Stage* stage;
  const Ecosystem* ecosystem;
  std::vector<std::string> tools;  // with their versions
  std::vector<Span> places;
};

std::vector<Compiled> find_compiled(const Dockerfile& file) {
  std::vector<Compiled> all;
  for_each_script(file, [&](const Stage& stage, const Step& step) {
    for (const auto& use : step.script->uses) {
      const auto* ecosystem = find_ecosystem(*use.tool);
      if (ecosystem == nullptr || ecosystem->compiled_tools == nullptr) continue;
      const auto tools = ecosystem->compiled_tools(use);
      if (tools.empty()) continue;
      if (all.empty() || all.back().stage != &stage || all.back().ecosystem != ecosystem)
        all.push_back({&stage, ecosystem, {}, {}});
      auto& compiled = all.back();
      for (const auto& tool : tools)
        if (std::ranges::find(compiled.tools, tool) == compiled.tools.end()) compiled.tools.push_back(tool);
      compiled.places.push_back(step.script->to_source(use.command->span));
    }
  });
  return all;
}

// "cargo-binstall", where `cargo binstall` is what downloads and nothing in the file brings it.
std::string lacking_program(const Dockerfile& file, const Ecosystem& ecosystem) {
  const auto words = split_words(ecosystem.instead_of_compiling);
  return words.size() < 2 || file.source().find(words[1]) != std::string_view::npos
             ? std::string()
             : std::string(words[0]) + '-' + std::string(words[1]);
}

std::string message_of(const Dockerfile& file, const Compiled& compiled) {
  constexpr std::size_t most_named = 4;
  std::vector<std::string> names;
  std::string command(compiled.ecosystem->instead_of_compiling);
  for (const auto& tool : compiled.tools) {
    command += ' ' + tool;
    const auto name = tool.substr(0, tool.find('@'));
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  const bool one = names.size() == 1;
  const auto lacking = lacking_program(file, *compiled.ecosystem);
  return "this compiles " + list_quoted(names, most_named) + " from source, which takes minutes" +
         (one ? "; `" : " each; `") + command + "` downloads the program" + (one ? "" : "s") +
         (lacking.empty() ? "" : "; it needs `" + lacking + "`, which has to be installed before");
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& compiled : find_compiled(file)) {
    auto& finding = report.add(compiled.places.front(), message_of(file, compiled));
    finding.related.assign(compiled.places.begin() + 1, compiled.places.end());
  }
}

}  // namespace

extern constinit const Rule tool_compiled_from_source = {
    .id = "tool-compiled-from-source",
    .category = Category::speed,
    .severity = Severity::info,
    .once_in = OnceIn::file,
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
