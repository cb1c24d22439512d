// Fires on a COPY or ADD of a file that .dockerignore keeps out of the build context. BuildKit does not check a file
// with exceptions (`!`); this rule does, where no exception can bring back anything that the instruction names.
#include "lint/rule.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"

namespace dockhew::rules {
namespace {

bool is_excluded(const BuildContext& context, const std::string& path) {
  const auto& ignore = context.ignore();
  const bool everything = path == "." || path == "/";
  if (!ignore.has_exceptions()) return everything ? ignore.excludes_everything() : ignore.excludes(path);
  if (everything || path.find_first_of("*?[") != path.npos) return false;  // an exception may be among what it names
  return context.kind_if_not_ignored(path) == PathKind::file ? ignore.excludes(path) : ignore.excludes_below(path);
}

void check(const Dockerfile& file, Report& report) {
  const auto& ignore = file.context().ignore();
  if (ignore.empty() || (ignore.has_exceptions() && file.unsaid() == Unsaid::plain_build)) return;
  // As BuildKit says it, of whichever file it reads; Podman has one more.
  const auto own = path_basename(file.context().origin().ignore_file);
  const std::string name(own.ends_with("containerignore") ? own : ".dockerignore");
  for (const auto& stage : file.stages()) {
    for (const auto& step : stage.steps) {
      if (!step.copy || !step.copy->from_context()) continue;
      for (const auto& source : step.copy->sources) {
        if (!source.known || source.heredoc || source.text.find("://") != std::string::npos) continue;
        auto path = clean_path(source.text);
        if (path.size() > 1 && path.starts_with('/')) path.erase(0, 1);
        if (!is_excluded(file.context(), path)) continue;
        report.add(source.span,
                   std::string("Attempting to ") + (step.instruction->keyword == Keyword::add ? "Add" : "Copy") +
                       " file " + go_quote(path) + " that is excluded by " + name,
                   {"CopyIgnoredFile"});
      }
    }
  }
}

}  // namespace

extern constinit const Rule ignored_copy_source = {
    .id = "ignored-copy-source",
    .aliases = {"CopyIgnoredFile"},
    .category = Category::correctness,
    .severity = Severity::warning,
    .summary = "COPY of a file that .dockerignore excludes",
    .rationale =
        R"(The builder never sees the file, so the build fails with "not found" although the file exists. Take the
pattern out of `.dockerignore`, or the file out of the COPY.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
