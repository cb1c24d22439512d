#include "project/changing_values.hpp"

#include <algorithm>

#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::cli {

bool changes_with_runs(std::string_view value) {
  constexpr std::string_view sources[] = {"$(date",
                                          "$(git describe",
                                          "$(git log",
                                          "$(git rev-parse",
                                          "BUILD_NUMBER",
                                          "CI_COMMIT_SHORT_SHA",
                                          "CI_COMMIT_TAG",
                                          "CI_JOB_ID",
                                          "CI_PIPELINE_ID",
                                          "COMMIT_SHA",
                                          "GITHUB_REF_NAME",
                                          "GITHUB_RUN_ID",
                                          "GITHUB_RUN_NUMBER",
                                          "GITHUB_SHA",
                                          "GIT_COMMIT",
                                          "GIT_SHA",
                                          "SOURCE_COMMIT",
                                          "`date",
                                          "`git describe",
                                          "`git rev-parse",
                                          "github.event.release.tag_name",
                                          "github.ref_name",
                                          "github.run_id",
                                          "github.run_number",
                                          "github.sha"};
  return value.find_first_of("$`") != value.npos &&
         std::ranges::any_of(sources, [&](std::string_view source) { return value.find(source) != value.npos; });
}

std::set<std::string, std::less<>> changing_names(std::string_view lines) {
  std::set<std::string, std::less<>> names;
  for (auto line : split_lines(lines)) {
    line = trim_unicode(line);
    if (line.starts_with('"')) line.remove_prefix(1);
    const auto equals = line.find('=');
    if (equals != line.npos && changes_with_runs(line.substr(equals))) names.emplace(line.substr(0, equals));
  }
  return names;
}

}  // namespace dockhew::cli
