// Fires on DOCKER_BUILDKIT in a Dockerfile. It is read by the client, and by the time the file is read the builder has
// already been chosen.
#include <string_view>

#include "edits/run_edits.hpp"
#include "lint/purpose.hpp"
#include "lint/rule.hpp"

namespace dockhew::rules {
namespace {

bool is_switch(std::string_view name) { return name == "DOCKER_BUILDKIT" || name == "COMPOSE_DOCKER_CLI_BUILD"; }

void check(const Dockerfile& file, Report& report) {
  // There a client may run, which reads it.
  if (!file.stages().empty() && is_for_development(report.options().path, file.final_stage())) return;
  for (const auto& instruction : file.instructions()) {
    const auto add = [&](Span span, std::string_view name) -> Finding& {
      return report.add(span, "`" + std::string(name) +
                                  "` is read by the client, not by the build, so it does nothing here; remove it");
    };
    if (instruction.keyword == Keyword::arg) {
      for (const auto& argument : instruction.arguments) {
        const auto name = std::string_view(argument.text).substr(0, argument.text.find('='));
        if (!is_switch(name)) continue;
        auto& finding = add(argument.span, name);
        finding.severity = Severity::info;  // it does no harm either
        Fix fix;
        fix.title = "remove it";
        fix.applicability = Applicability::safe;
        const auto uses = file.source().find("$" + std::string(name)) != std::string_view::npos ||
                          file.source().find("${" + std::string(name)) != std::string_view::npos;
        if (instruction.arguments.size() != 1) fix.declined = "there are other arguments in the same instruction";
        else if (uses) fix.declined = "the variable is used";
        else fix.edits.push_back(remove_lines(file.document(), own_lines(file.document(), instruction)));
        finding.fixes.push_back(std::move(fix));
      }
    }
    if (instruction.keyword == Keyword::env)
      for (const auto& pair : instruction.pairs)
        if (is_switch(pair.name)) add(pair.name_span, pair.name);
  }
}

}  // namespace

extern constinit const Rule useless_buildkit_switch = {
    .id = "useless-buildkit-switch",
    .category = Category::correctness,
    .severity = Severity::warning,
    .summary = "DOCKER_BUILDKIT in a Dockerfile does nothing",
    .rationale =
        R"(`DOCKER_BUILDKIT=1 docker build …` chooses the builder, in the shell that starts the build. In the file, the
variable only changes the environment of the build and, with ENV, that of the container. Docker 23 and newer use
BuildKit without it.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
