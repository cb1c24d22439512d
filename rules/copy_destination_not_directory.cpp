// Fires on a COPY or ADD of several sources whose destination is not written as a directory. If there is no directory
// of that name yet, each file replaces the previous one.
#include "flow/shell_words.hpp"
#include "lint/rule.hpp"
#include "model/runs.hpp"

namespace dockhew::rules {
namespace {

void check(const Dockerfile& file, Report& report) {
  for_each_copy(file, [&](const Stage& stage, const Step& step) {
    const auto& copy = *step.copy;
    if (copy.sources.size() < 2) return;
    const auto destination = file.expand(stage, step, copy.destination_text);
    if (!destination.is_known() || destination.text.empty()) return;
    const auto& text = destination.text;
    if (text.ends_with('/') || text.ends_with('\\') || text == "." || text == ".." || text.ends_with("/.")) return;
    auto& finding = report.add(copy.destination_span,
                               "several sources need a directory as their destination; end it with `/`", {"DL3021"});
    if (find_shell_word(step) != nullptr) finding.severity = Severity::off;  // that is what is wrong with it
    Fix fix;
    fix.title = "end the destination with a slash";
    fix.applicability = Applicability::conditional;
    fix.assumptions.push_back({"destination-is-directory", "the destination is a directory already"});
    const bool plain = slice(file.source(), copy.destination_span).find_first_of("\"'$") == std::string_view::npos;
    if (plain && !step.instruction->json)
      fix.edits.push_back({{copy.destination_span.end, copy.destination_span.end}, "/"});
    else fix.declined = "the destination is not a plain word";
    if (step.in_child) fix.changes = {"ONBUILD"};
    finding.fixes.push_back(std::move(fix));
  });
}

}  // namespace

extern constinit const Rule copy_destination_not_directory = {
    .id = "copy-destination-not-directory",
    .aliases = {"DL3021"},
    .category = Category::correctness,
    .severity = Severity::warning,
    .summary = "several sources are copied to what may be a single file",
    .rationale = R"(With several sources, the destination is meant to be a directory. Docker's legacy builder rejects
one without a trailing slash; BuildKit copies the files one after another, and if the directory does not exist, the last
one wins.)",
    .fix = Applicability::conditional,
    .check = check,
};

}  // namespace dockhew::rules
