#include "language_server/diagnostics.hpp"

#include "lint/hadolint.hpp"
#include "lint/silencing.hpp"
#include "report/result.hpp"

namespace dockhew::cli {
namespace {

int level(Severity severity) {
  switch (severity) {
    case Severity::error: return 1;
    case Severity::warning: return 2;
    case Severity::info: return 3;
    case Severity::style:
    case Severity::off: break;
  }
  return 4;
}

// Under which name people know it: hadolint's where it answers as that does, and ShellCheck's for its own.
std::string code_of(const Settings& settings, const Finding& finding) {
  const auto code = settings.as_hadolint ? hadolint_code(finding) : std::string_view();
  return code.empty() ? silencing_name(finding) : std::string(code);
}

}  // namespace

Json diagnostic_at(Json range, const Finding& finding, const Settings& settings, const Client& client) {
  Json diagnostic = {{"range", std::move(range)},
                     {"severity", level(finding.severity)},
                     {"code", code_of(settings, finding)},
                     {"source", "dockhew"},
                     {"message", finding.message}};
  if (client.code_descriptions) diagnostic["codeDescription"] = {{"href", rule_url(finding.rule->id)}};
  return diagnostic;
}

Json diagnostic_of(const Snapshot& snapshot, const Finding& finding, const Client& client) {
  auto diagnostic = diagnostic_at(snapshot.positions.range(finding.span), finding, *snapshot.settings, client);
  if (client.related_information)
    for (const auto span : finding.related)
      diagnostic["relatedInformation"].push_back(
          {{"location", {{"uri", snapshot.uri}, {"range", snapshot.positions.range(span)}}}, {"message", "the same"}});
  return diagnostic;
}

Json configuration_diagnostic(const Settings& settings, const Positions& positions) {
  return {{"range", positions.range({0, 0})},
          {"severity", 1},
          {"code", "configuration"},
          {"source", "dockhew"},
          {"message", "nothing is checked, because the configuration cannot be used: " + settings.error}};
}

Json diagnostics_of(const Snapshot& snapshot, const Client& client) {
  auto all = Json::array();
  if (!snapshot.settings->error.empty())
    all.push_back(configuration_diagnostic(*snapshot.settings, snapshot.positions));
  for (const auto& finding : snapshot.findings) all.push_back(diagnostic_of(snapshot, finding, client));
  return all;
}

}  // namespace dockhew::cli
