#include "report/hadolint_formats.hpp"

#include <fmt/format.h>

#include <array>

#include "lint/hadolint.hpp"
#include "lint/rule.hpp"
#include "report/fingerprint.hpp"
#include "report/junit.hpp"
#include "report/repeated.hpp"
#include "report/sarif.hpp"
#include "report/text.hpp"
#include "report/xml.hpp"
#include "text/json.hpp"
#include "text/position.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline report {
namespace {

// A finding as each of the formats needs it.
struct Said {
  const Finding& finding;
  Position place;
  std::string code, message;
};

template <typename Write>
std::string each(const FileResult& result, const Write& write) {
  std::string out;
  const auto source = result.source();
  if (!source) return out;
  const LineIndex lines(*source);
  for (const auto& finding : result.findings)
    out += write(Said{finding, lines.position(finding.span.begin), std::string(hadolint_code(finding)),
                      with_places(lines, finding)},
                 lines);
  return out;
}

ReportFormat::Frame nothing(const ReportTotals&, const ReportContext&, bool) { return {}; }
ReportFormat::Frame list(const ReportTotals&, const ReportContext&, bool) { return {"[", "]\n"}; }

std::string tty(const FileResult& result, const ReportContext& context) {
  const auto colours = context.colour ? Colours::ansi() : Colours::none();
  return each(result, [&](const Said& said, const LineIndex&) {
    const auto colour = said.finding.severity == Severity::error     ? colours.red
                        : said.finding.severity == Severity::warning ? colours.yellow
                                                                     : colours.green;
    return fmt::format("{}:{} {} {}{}{}: {}\n", escape_for_terminal(result.path), said.place.line, said.code, colour,
                       to_string(said.finding.severity), colours.reset, escape_for_terminal(said.message));
  });
}

std::string gnu(const FileResult& result, const ReportContext&) {
  return each(result, [&](const Said& said, const LineIndex&) {
    return fmt::format("hadolint:{}:{}: {} {}: {}\n", escape_for_terminal(result.path), said.place.line, said.code,
                       to_string(said.finding.severity), escape_for_terminal(said.message));
  });
}

// Of one file; between those of two files stands the format's separator.
std::string without_last_comma(std::string elements) {
  if (!elements.empty()) elements.pop_back();
  return elements;
}

std::string json(const FileResult& result, const ReportContext&) {
  return without_last_comma(each(result, [&](const Said& said, const LineIndex&) {
    return Json({{"code", said.code},
                 {"column", said.place.column},
                 {"file", result.path},
                 {"level", to_string(said.finding.severity)},
                 {"line", said.place.line},
                 {"message", said.message}})
               .dump() +
           ',';
  }));
}

Json climate(const FileResult& result, const Said& said) {
  const auto level = said.finding.severity == Severity::error     ? "blocker"
                     : said.finding.severity == Severity::warning ? "major"
                     : said.finding.severity == Severity::info    ? "info"
                                                                  : "minor";
  return {{"categories", Json::array("Bug Risk")},
          {"check_name", said.code},
          {"description", said.message},
          {"location", {{"lines", {{"begin", said.place.line}, {"end", said.place.line}}}, {"path", result.path}}},
          {"severity", level},
          {"type", "issue"}};
}

std::string codeclimate(const FileResult& result, const ReportContext&) {
  return each(result, [&](const Said& said, const LineIndex&) { return climate(result, said).dump().append(1, '\0'); });
}

std::string gitlab_codeclimate(const FileResult& result, const ReportContext&) {
  SeenFingerprints seen;
  return without_last_comma(each(result, [&](const Said& said, const LineIndex& lines) {
    auto issue = climate(result, said);
    issue["fingerprint"] = result.path + ':' + fingerprint(said.finding, lines, seen);
    return issue.dump() + ',';
  }));
}

std::string codacy(const FileResult& result, const ReportContext&) {
  return each(result, [&](const Said& said, const LineIndex&) {
    return Json({{"filename", result.path},
                 {"line", said.place.line},
                 {"message", said.message},
                 {"patternId", said.code}})
        .dump();
  });
}

std::string sonarqube(const FileResult& result, const ReportContext&) {
  return without_last_comma(each(result, [&](const Said& said, const LineIndex&) {
    const auto severity = said.finding.severity;
    const auto level = severity == Severity::error     ? "CRITICAL"
                       : severity == Severity::warning ? "MAJOR"
                       : severity == Severity::info    ? "MINOR"
                                                       : "INFO";
    const Json range = {
        {"startLine", said.place.line}, {"endLine", said.place.line}, {"startColumn", 0}, {"endColumn", 1}};
    return Json({{"engineId", "Hadolint"},
                 {"ruleId", said.code},
                 {"severity", level},
                 {"type", severity == Severity::error ? "BUG" : "CODE_SMELL"},
                 {"primaryLocation", {{"message", said.message}, {"filePath", result.path}, {"textRange", range}}}})
               .dump() +
           ',';
  }));
}

ReportFormat::Frame sonarqube_frame(const ReportTotals&, const ReportContext&, bool) {
  return {"{\"issues\":[", "]}\n"};
}

std::string checkstyle(const FileResult& result, const ReportContext&) {
  return fmt::format("<file name='{}'>", xml_escaped(result.path)) +
         each(result,
              [&](const Said& said, const LineIndex&) {
                return fmt::format("<error line='{}' column='{}' severity='{}' message='{}' source='{}'/>",
                                   said.place.line, said.place.column,
                                   said.finding.severity == Severity::style ? "info" : to_string(said.finding.severity),
                                   xml_escaped(said.message), xml_escaped(said.code));
              }) +
         "</file>";
}

ReportFormat::Frame checkstyle_frame(const ReportTotals&, const ReportContext&, bool) {
  return {"<?xml version='1.0' encoding='UTF-8'?><checkstyle version='4.3'>", "</checkstyle>\n"};
}

constexpr ReportFormat tty_report{"tty", "", tty, nothing}, gnu_report{"gnu", "", gnu, nothing},
    flat_json_report{"json", ",", json, list}, climate_report{"codeclimate", "", codeclimate, nothing},
    gitlab_climate_report{"gitlab_codeclimate", ",", gitlab_codeclimate, list},
    codacy_report{"codacy", "", codacy, nothing}, sonarqube_report{"sonarqube", ",", sonarqube, sonarqube_frame},
    codes_checkstyle_report{"checkstyle", "", checkstyle, checkstyle_frame};

constexpr std::array formats = {
    &tty_report, &flat_json_report, &codes_checkstyle_report, &climate_report, &gitlab_climate_report,
    &gnu_report, &codacy_report,    &sonarqube_report,        &sarif_report,   &junit_report};

}  // namespace

const ReportFormat* find_hadolint_format(std::string_view name) {
  for (const auto* format : formats)
    if (format->name == name) return format;
  return nullptr;
}

std::vector<std::string_view> hadolint_format_names() {
  std::vector<std::string_view> names;
  for (const auto* format : formats) names.push_back(format->name);
  return names;
}

}  // namespace dockhew::inline report
