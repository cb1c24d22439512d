// Fires on ADD where COPY does the same: sources that are neither a URL, nor a Git repository, nor an archive that ADD
// unpacks. An unknown variable gives no finding.
#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "effects/plain_add.hpp"
#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"

namespace dockhew::rules {
namespace {

// ADD inspects a file to see whether it is an archive; it never unpacks anything inside a directory.
bool is_directory(const Dockerfile& file, const CopySource& source) {
  if (source.heredoc || source.text == "." || source.text == "./" || source.text == "/") return true;
  return file.context().is_known() && file.context().kind(source.text) == PathKind::directory;
}

// The last copy of the whole context to each place of a stage.
using WholeCopies = std::map<std::pair<std::uint32_t, std::string>, std::uint32_t>;

bool is_whole(const Copy& copy) {
  return copy.from_context() && copy.sources.size() == 1 && clean_path(copy.sources[0].text) == "." &&
         copy.destination.is_known();
}

WholeCopies last_whole_copies(const Dockerfile& file) {
  WholeCopies last;
  for_each_copy(file, [&](const Stage& stage, const Step& step) {
    if (is_whole(*step.copy)) last[{stage.index, step.copy->destination.text}] = step.index;
  });
  return last;
}

// Whether a later step copies all of it to the same place again, so that the line is one to delete:
// `source-copied-before-dependencies` says so.
bool is_copied_again(const WholeCopies& last, const Stage& stage, const Step& step) {
  return is_whole(*step.copy) && last.at({stage.index, step.copy->destination.text}) > step.index;
}

void check(const Dockerfile& file, Report& report) {
  const auto last = last_whole_copies(file);
  for_each_copy(file, [&](const Stage& stage, const Step& step) {
    const auto& instruction = *step.instruction;
    if (instruction.keyword != Keyword::add || step.copy->sources.empty()) return;
    if (!only_copies(instruction, *step.copy) || is_copied_again(last, stage, step)) return;
    auto& finding = report.add(instruction.keyword_span,
                               "`ADD` neither unpacks nor downloads anything here; use `COPY`", {"DL3020"});
    Fix fix;
    fix.title = "use COPY";
    fix.applicability = Applicability::safe;
    if (!std::ranges::all_of(step.copy->sources, [&](const CopySource& s) { return is_directory(file, s); })) {
      fix.applicability = Applicability::conditional;
      fix.assumptions.push_back({"no-archive", "none of the files is a tar archive under another name"});
    }
    const bool lower = instruction.word == to_lower_ascii(instruction.word);
    fix.edits.push_back({instruction.keyword_span, lower ? "copy" : "COPY"});
    if (step.in_child) fix.changes = {"ONBUILD"};
    finding.fixes.push_back(std::move(fix));
  });
}

}  // namespace

extern constinit const Rule add_instead_of_copy = {
    .id = "add-instead-of-copy",
    .aliases = {"DL3020"},
    .category = Category::correctness,
    .severity = Severity::info,
    .once_in = OnceIn::file,
    .summary = "an ADD that only copies",
    .rationale =
        R"(`ADD` downloads URLs, clones repositories and unpacks archives. When none of that is intended, `COPY` is
clearer, and it remains a plain copy if someone puts an archive there later.

`ADD` looks at the content to decide whether a file is an archive, so the fix is safe for directories, and assumes that
files are not archives.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
