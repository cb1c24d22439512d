// Fires on a COPY of files that the stage has at that place already, by the same instruction before.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "edits/run_edits.hpp"
#include "lint/rule.hpp"
#include "model/site.hpp"
#include "text/path.hpp"

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
  std::string what(keyword_name(step.instruction->keyword));
  for (const auto& flag : step.instruction->flags) what.append("\n").append(flag.name).append("=").append(flag.value);
  for (const auto& source : copy.sources) {
    if (!source.known || source.heredoc || source.text.find("://") != std::string::npos) return {};
    what.append("\n").append(source.text);
  }
  return what.append("\n").append(copy.destination.text).append(copy.directory ? "/" : "");
}

// What a COPY has left at its destination, as far as nothing has changed it since.
struct Copied {
  std::string what, destination;
};
// Of so many, the last. Nobody writes more between two that are the same.
constexpr std::size_t most_remembered = 50;

// Whether one destination is the other, or lies in it: then a COPY to one may change what is at the other.
bool overlap(const std::string& one, const std::string& other) {
  return path_is_under(one, other) || path_is_under(other, one);
}

// Whether the step repeats one of these; else they are brought up to date.
bool repeats(const Step& step, std::vector<Copied>& copied) {
  const auto what = what_is_copied(step);
  if (what.empty()) return copied.clear(), false;
  const auto& destination = step.copy->destination.text;
  if (std::ranges::find(copied, what, &Copied::what) != copied.end()) return true;
  std::erase_if(copied, [&](const Copied& each) { return overlap(each.destination, destination); });
  if (copied.size() == most_remembered) copied.erase(copied.begin());
  copied.push_back({what, destination});
  return false;
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages()) {
    std::vector<Copied> copied;
    for (const auto& step : stage.steps) {
      if (may_change(step)) copied.clear();
      if (!step.copy || !repeats(step, copied)) continue;
      auto& finding =
          report.add(step.instruction->head_span(), "an instruction above has copied the same to the same place");
      Fix fix;
      fix.title = "remove the second one";
      fix.applicability = Applicability::safe;
      if (auto edit = remove_instruction(file.document(), *step.instruction)) fix.edits.push_back(std::move(*edit));
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

It is only reported when nothing between the two could have changed the files: no RUN, and no COPY to the same place or to
a directory above or below it.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
