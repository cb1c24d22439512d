// Fires on a COPY of files that the stage has at that place already, by the same instruction before.
#include <set>
#include <string>

#include "edits/run_edits.hpp"
#include "lint/rule.hpp"
#include "model/site.hpp"

namespace dockhew::rules {
namespace {

// Whether an instruction may change what was copied, or where a relative path leads.
bool may_change(const Step& step) {
  const auto keyword = step.instruction->keyword;
  return keyword == Keyword::run || keyword == Keyword::workdir || keyword == Keyword::user ||
         keyword == Keyword::onbuild;
}

// What it copies and where, as long as nothing in it has a variable; else empty.
std::string what_is_copied(const Step& step) {
  const auto& copy = *step.copy;
  if (!copy.destination.is_known() || copy.sources.empty()) return {};
  std::string what(step.instruction->word == "ADD" ? "ADD" : "COPY");
  for (const auto& flag : step.instruction->flags) what.append("\n").append(flag.name).append("=").append(flag.value);
  for (const auto& source : copy.sources) {
    if (!source.known || source.heredoc || source.text.find("://") != std::string::npos) return {};
    what.append("\n").append(source.text);
  }
  return what.append("\n").append(copy.destination.text).append(copy.directory ? "/" : "");
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages()) {
    std::set<std::string> copied;
    for (const auto& step : stage.steps) {
      if (may_change(step)) copied.clear();
      if (!step.copy) continue;
      const auto what = what_is_copied(step);
      if (what.empty()) copied.clear();
      if (what.empty() || copied.insert(what).second) continue;
      auto& finding =
          report.add(step.instruction->head_span(), "an instruction above has copied the same to the same place");
      Fix fix;
      fix.title = "remove the second one";
      fix.applicability = Applicability::safe;
      if (const auto lines = whole_lines(file.document(), *step.instruction))
        fix.edits.push_back(remove_lines(file.document(), *lines));
      else fix.declined = "it contains comments";
      finding.fixes.push_back(std::move(fix));
    }
  }
}

}  // namespace

extern constinit const Rule repeated_copy = {
    .id = "repeated-copy",
    .category = Category::size,
    .severity = Severity::info,
    .summary = "the same is copied twice",
    .rationale =
        R"(The second COPY stores the same files in a layer again, and changes nothing.

Only reported where no RUN stands between the two, which may have changed what was copied, nor a COPY whose sources are
not known.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
