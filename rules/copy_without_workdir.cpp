// Fires on a COPY to a relative destination where no WORKDIR is set. The base image then decides where the files go.
// One finding speaks for all such COPYs of a stage, which want one WORKDIR.
#include <algorithm>
#include <span>
#include <string_view>
#include <vector>

#include "lint/rule.hpp"
#include "model/last_steps.hpp"
#include "model/runs.hpp"
#include "text/path.hpp"

namespace dockhew::rules {
namespace {

// ONBUILD WORKDIR counts for the COPY that is triggered after it.
bool sets_workdir(const Step& step) {
  const auto& instruction = *step.instruction;
  if (!instruction.trigger.empty()) return instruction.trigger[0].keyword == Keyword::workdir;
  return instruction.keyword == Keyword::workdir;
}

// The index of the first step of each stage that does; of the end of the file where none does.
std::vector<std::size_t> first_workdirs(const Dockerfile& file) {
  std::vector<std::size_t> first;
  for (const auto& stage : file.stages()) {
    const auto found = std::ranges::find_if(stage.steps, sets_workdir);
    first.push_back(found == stage.steps.end() ? file.instructions().size() : found->index);
  }
  return first;
}

bool is_drive_path(std::string_view path) { return path.size() > 1 && path[1] == ':'; }

Fix absolute(const Step& step, std::string_view path) {
  Fix fix;
  fix.title = "write the absolute path";
  fix.applicability = Applicability::safe;
  auto resolved = resolve_path(step.workdir.text, path);
  if (path.ends_with('/') || path == "." || path == "./") resolved += resolved.ends_with('/') ? "" : "/";
  if (step.in_child) fix.declined = "an image built on this one decides";
  else if (!step.workdir.is_known()) fix.declined = "the working directory of the base image is not known";
  else if (step.instruction->json || step.copy->destination_text != path)
    fix.declined = "the destination is not a plain word";
  else fix.edits.push_back({step.copy->destination_span, resolved});
  return fix;
}

// A single file may well lie in `/`.
bool copies_directory(const Dockerfile& file, const Copy& copy) {
  return std::ranges::any_of(copy.sources, [&](const CopySource& source) {
    const auto path = clean_path("/" + source.text).substr(1);
    return source.known &&
           (path.empty() || source.text.ends_with('/') || file.context().kind(path) == PathKind::directory);
  });
}

// The absolute paths in the text of a stage, up to its end, sorted: of two that begin alike the shorter comes first.
std::vector<std::string_view> absolute_paths(const Dockerfile& file, const Stage& stage) {
  constexpr std::string_view before = " \t\n\"'=:,[(;", after = " \t\n\"'=:,[](){};&|";
  const auto source = slice(file.source(), {stage.from->span.end, stage.steps.back().instruction->span.end});
  std::vector<std::string_view> paths;
  for (auto at = source.find('/'); at != source.npos; at = source.find('/', at + 1))
    if (at > 0 && before.find(source[at - 1]) != before.npos)
      paths.push_back(source.substr(at, source.find_first_of(after, at) - at));
  std::ranges::sort(paths);
  return paths;
}

// Whether the stage counts on the place: it says later what the destination is in full. Where everything is relative,
// nothing breaks when the base image's directory is another one; only `/` itself is no place for a project's directory.
// `paths`: of the stage.
bool counts_on(const Dockerfile& file, const Stage& stage, const Step& step, std::string_view path,
               std::span<const std::string_view> paths) {
  const auto place = resolve_path(step.workdir.text, path);
  if (place == "/") return file.ships(stage) && copies_directory(file, *step.copy);
  const auto* end = file.source().data() + step.instruction->span.end;
  constexpr std::ptrdiff_t most = 100;
  const auto first = std::ranges::lower_bound(paths, place);
  const auto last = first + std::min(most, paths.end() - first);
  return std::any_of(first, last, [&](std::string_view each) { return each.starts_with(place) && each.data() >= end; });
}

struct RelativeCopy {
  const Stage* stage;
  const Step* step;
  Fix fix;
  bool matters;  // the base image is known to decide, or the stage counts on the place
};

std::vector<RelativeCopy> find_relative_copies(const Dockerfile& file) {
  std::vector<RelativeCopy> copies;
  const auto workdirs = last_steps(file, Keyword::workdir);
  const auto first = first_workdirs(file);
  const Stage* described = nullptr;
  std::vector<std::string_view> paths;  // of that stage
  for_each_copy(file, [&](const Stage& stage, const Step& step) {
    if (step.instruction->keyword != Keyword::copy) return;
    const auto path = file.expand(stage, step, step.copy->destination_text);
    if (!path.is_known() || path.text.empty() || path.text.starts_with('/') || is_drive_path(path.text)) return;
    if (first[stage.index] < step.index || inherited(workdirs, stage) != nullptr) return;
    const bool has_directory = step.workdir.is_known() && (!stage.scratch || stage.parent);
    if (has_directory && described != &stage) paths = absolute_paths(file, stage), described = &stage;
    copies.push_back(
        {&stage, &step, absolute(step, path.text), has_directory && counts_on(file, stage, step, path.text, paths)});
  });
  return copies;
}

// The first one that matters takes over the edits of the others.
Fix fix_of_stage(std::span<const RelativeCopy> copies) {
  auto fix = copies.front().fix;
  if (!fix.declined.empty()) return fix;
  for (const auto& other : copies.subspan(1)) {
    if (other.stage != copies.front().stage) break;
    if (other.matters) fix.edits.insert(fix.edits.end(), other.fix.edits.begin(), other.fix.edits.end());
  }
  return fix;
}

void check(const Dockerfile& file, Report& report) {
  const auto copies = find_relative_copies(file);
  const Stage* told = nullptr;
  for (std::size_t i = 0; i < copies.size(); ++i) {
    const auto& [stage, step, fix, matters] = copies[i];
    auto& finding = report.add(
        step->copy->destination_span,
        "no WORKDIR is set, so the base image decides where this goes; set one or use an absolute path", {"DL3045"});
    const bool shown = matters && stage != told;
    if (shown) told = stage;
    else finding.severity = Severity::off;  // unless hadolint is asked
    finding.fixes.push_back(shown ? fix_of_stage(std::span(copies).subspan(i)) : fix);
  }
}

}  // namespace

extern constinit const Rule copy_without_workdir = {
    .id = "copy-without-workdir",
    .aliases = {"DL3045"},
    .category = Category::correctness,
    .severity = Severity::info,
    .summary = "COPY to a relative path without a WORKDIR",
    .rationale =
        R"(A relative destination is resolved against the working directory. Without a `WORKDIR` in the file, that is
the base image's, which is often `/` and can change with the next pull. Set a `WORKDIR`, or write an absolute path. Where
the base image's working directory is not known, in `FROM scratch`, and where the file names the destination only by
relative paths, only hadolint reports it.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
