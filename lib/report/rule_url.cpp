#include "report/result.hpp"

namespace dockhew::inline report {

// The only place that knows where the project's pages are.
std::string project_url() { return "https://github.com/dockhew/dockhew"; }

std::string rule_url(std::string_view rule_id) {
  return project_url() + "/blob/main/docs/rules/" + std::string(rule_id) + ".md";
}

}  // namespace dockhew::inline report
