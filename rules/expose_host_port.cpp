// Fires on an address or a host port in EXPOSE, the form of `docker run --publish`. An image cannot store either.
#include "buildkit/expanded_words.hpp"
#include "lint/rule.hpp"
#include "model/port.hpp"

namespace dockhew::rules {
namespace {

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages()) {
    for (const auto& step : stage.steps) {
      if (step.instruction->keyword != Keyword::expose) continue;
      for (const auto& word : expanded_words({file, stage, step})) {
        for (const auto& text : word.values) {
          const auto port = parse_port(text);
          if (!port.error.empty() || (port.address.empty() && port.host.empty())) continue;
          auto& finding = report.add(
              word.span,
              "EXPOSE instruction should not define an IP address or host-port mapping, found '" + text + "'",
              {"ExposeInvalidFormat"});
          if (word.text != text) continue;
          Fix fix;
          fix.title = "keep only the container's port";
          fix.applicability = Applicability::safe;
          fix.edits.push_back({word.span, text.substr(text.rfind(':') + 1)});
          finding.fixes.push_back(std::move(fix));
        }
      }
    }
  }
}

}  // namespace

extern constinit const Rule expose_host_port = {
    .id = "expose-host-port",
    .aliases = {"ExposeInvalidFormat"},
    .category = Category::correctness,
    .severity = Severity::warning,
    .summary = "EXPOSE names a host port or an address",
    .rationale =
        R"(EXPOSE says on which port the container listens. Host ports and addresses are chosen when the container is
started, with `--publish`; the builder drops them here.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
