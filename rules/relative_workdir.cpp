// Fires on the first WORKDIR of a stage and its parents if it is relative, because it then depends on the base image's
// working directory.
#include <algorithm>
#include <string_view>

#include "lint/rule.hpp"
#include "model/last_steps.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"

namespace dockhew::rules {
namespace {

bool is_drive_path(std::string_view path) {
  return path.size() > 2 && path[1] == ':' && (path[2] == '\\' || path[2] == '/');
}

Fix absolute(const Step& step, const Argument& argument, const std::string& path) {
  Fix fix;
  fix.title = "write the absolute path";
  fix.applicability = Applicability::safe;
  if (!step.workdir.is_known()) fix.declined = "the working directory of the base image is not known";
  else if (argument.text != path || path.empty() || path.find_first_of(" '\"[") != path.npos)
    fix.declined = "the path is not a plain word";
  else fix.edits.push_back({argument.span, resolve_path(step.workdir.text, path)});
  return fix;
}

void check(const Dockerfile& file, Report& report) {
  const auto workdirs = last_steps(file, Keyword::workdir);
  for (const auto& stage : file.stages()) {
    if (inherited(workdirs, stage) != nullptr) continue;
    const auto first = std::ranges::find_if(
        stage.steps, [](const Step& step) { return step.instruction->keyword == Keyword::workdir; });
    if (first == stage.steps.end() || first->instruction->arguments.empty()) continue;
    const auto& argument = first->instruction->arguments[0];
    const auto path = file.expand(stage, *first, argument.text);
    if (!path.is_known() || path.text.starts_with('/')) continue;
    // A drive letter means Windows, whatever is known about the base image; `docker build --check` on Linux does not
    // care.
    if (is_drive_path(path.text) && file.unsaid() == Unsaid::unknown) continue;
    const bool windows = !first->posix && file.unsaid() == Unsaid::unknown;
    auto& finding =
        report.add(argument.span,
                   "Relative workdir " + go_quote(path.text) + " can have unexpected results if the base image changes",
                   {"WorkdirRelativePath", "DL3000"});
    // What an unknown image expects is its own affair, unless hadolint is asked; BuildKit always is.
    if (!first->workdir.is_known() && file.unsaid() == Unsaid::unknown) finding.severity = Severity::off;
    if (!windows) finding.fixes.push_back(absolute(*first, argument, path.text));
  }
}

}  // namespace

extern constinit const Rule relative_workdir = {
    .id = "relative-workdir",
    .aliases = {"WorkdirRelativePath", "DL3000"},
    .category = Category::correctness,
    .severity = Severity::info,
    .summary = "the first WORKDIR is relative",
    .rationale =
        R"(A relative WORKDIR is resolved against the previous one. The first of a stage is resolved against that of the
base image, which can change with the next pull. Use an absolute path. Where the base image's directory is not known, only
hadolint and BuildKit report it.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
