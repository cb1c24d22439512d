// Fires on a COPY or ADD of a file that .dockerignore keeps out of the build context. If the file has exceptions (`!`),
// BuildKit does not check it, and neither does this rule.
#include "lint/rule.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"

namespace dockhew::rules {
namespace {

void check(const Dockerfile& file, Report& report) {
  const auto& ignore = file.context().ignore();
  if (ignore.empty() || ignore.has_exceptions()) return;
  for (const auto& stage : file.stages()) {
    for (const auto& step : stage.steps) {
      if (!step.copy || !step.copy->from_context()) continue;
      for (const auto& source : step.copy->sources) {
        if (!source.known || source.heredoc || source.text.find("://") != std::string::npos) continue;
        auto path = clean_path(source.text);
        if (path.size() > 1 && path.starts_with('/')) path.erase(0, 1);
        const bool everything = path == "." || path == "/";
        if (everything ? !ignore.excludes_everything() : !ignore.excludes(path)) continue;
        report.add(source.span,
                   std::string("Attempting to ") + (step.instruction->keyword == Keyword::add ? "Add" : "Copy") +
                       " file " + go_quote(path) + " that is excluded by .dockerignore",
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
