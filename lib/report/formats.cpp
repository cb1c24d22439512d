#include "report/formats.hpp"

#include <array>

#include "report/azure.hpp"
#include "report/checkstyle.hpp"
#include "report/concise.hpp"
#include "report/github.hpp"
#include "report/gitlab.hpp"
#include "report/json.hpp"
#include "report/junit.hpp"
#include "report/markdown.hpp"
#include "report/rdjson.hpp"
#include "report/sarif.hpp"
#include "report/statistics.hpp"
#include "report/text.hpp"

namespace dockhew::inline report {
namespace {

constexpr std::array formats = {&text_report,   &concise_report, &markdown_report,  &json_report,
                                &sarif_report,  &github_report,  &gitlab_report,    &azure_report,
                                &rdjson_report, &junit_report,   &checkstyle_report};

struct OtherName {
  std::string_view name;
  const ReportFormat* format;
};
constexpr OtherName other_names[] = {{"tty", &concise_report},
                                     {"codeclimate", &gitlab_report},
                                     {"gitlab_codeclimate", &gitlab_report},
                                     {"statistics", &statistics_report}};

}  // namespace

const ReportFormat* find_report_format(std::string_view name) {
  for (const auto* format : formats)
    if (format->name == name) return format;
  for (const auto& other : other_names)
    if (other.name == name) return other.format;
  return nullptr;
}

std::vector<std::string_view> report_format_names() {
  std::vector<std::string_view> names;
  for (const auto* format : formats) names.push_back(format->name);
  return names;
}

}  // namespace dockhew::inline report
