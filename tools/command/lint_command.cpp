// dockhew lint: findings in the format asked for, and the safe fixes on request.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <set>

#include "build_file_lint.hpp"
#include "commands.hpp"
#include "configuration.hpp"
#include "dockerfile_lint.hpp"
#include "files.hpp"
#include "lint/buildkit_checks.hpp"
#include "lint/hadolint.hpp"
#include "lint/lint.hpp"
#include "lint_reports.hpp"
#include "ordered_work.hpp"
#include "project/inline_dockerfiles.hpp"
#include "registry/base_images.hpp"
#include "report/repeated.hpp"
#include "report/sarif.hpp"
#include "rewrite/rewrite.hpp"
#include "said_once.hpp"
#include "shellcheck_run.hpp"
#include "text/utf8.hpp"
#include "writing.hpp"

namespace dockhew::cli {
namespace {

// What a worker hands over of one file.
struct Linted {
  ReportPieces report;             // its piece of each report
  std::vector<ReportPieces> more;  // of the Dockerfiles that stand in it
  std::string notes;               // for standard error
  std::string shellcheck_note;     // why ShellCheck said nothing
  bool failed = false, found = false;
  bool asked = false;  // requested, rather than used when available
  // What is said of the build context, and the same without that, for when it has been said of another file.
  std::string about_context;
  std::unique_ptr<Linted> otherwise;
};

// Those of the catalogue and, in SARIF, which lists them before its findings, those that configurations add.
std::vector<const Rule*> reported_rules(const Options& options, const std::vector<std::string>& paths) {
  std::vector<const Rule*> rules(all_rules().begin(), all_rules().end());
  if (std::ranges::find(options.reports, sarif_report.name, &ReportTarget::format) == options.reports.end())
    return rules;
  for (const auto& path : paths)
    for (const auto* rule : settings_for(options, path).lint.rules)
      if (std::ranges::find(rules, rule) == rules.end()) rules.push_back(rule);
  return rules;
}

// Applies the safe fixes, and gives the new text; none when it stays the same or the file could not be written.
std::optional<std::string> apply_fixes(const Settings& settings, const std::string& path, const Dockerfile& file,
                                       Linted& out) {
  auto rewritten = rewrite_file(std::string(file.source()), file.facts(), file.context(), settings.lint.rules,
                                Applicability::safe, settings.lint.options, Fixed::shown);
  if (rewritten.text == file.source()) return std::nullopt;
  say_what_rests_on_registries(
      file,
      [&](const std::shared_ptr<const Dockerfile>& other) {
        return rewrite_file(other, settings.lint.rules, Applicability::safe, settings.lint.options, Fixed::shown);
      },
      rewritten);
  const auto written = replace_file(path, std::string(file.source()), rewritten.text);
  out.failed = !written.error.empty();
  if (out.failed) {
    out.notes += complaint(path, written.error);
    return std::nullopt;
  }
  if (!written.note.empty()) out.notes += complaint(path, written.note);
  for (const auto& fix : rewritten.applied)
    out.notes += fmt::format("{}:{}: fixed: {} [{}]\n", escape_for_terminal(path), fix.line,
                             escape_for_terminal(fix.title), fix.rule->id);
  return std::move(rewritten.text);
}

// Why there are no findings of ShellCheck.
struct Unchecked {
  std::string note;
  bool failed = false;  // it was there and gave no whole answer
};

// ShellCheck's findings, if wanted and available. Otherwise `unchecked` is set to the reason.
std::vector<Finding> ask_shellcheck(const Dockerfile& file, const Settings& settings, std::size_t processes,
                                    Unchecked& unchecked) {
  if (!wants_shellcheck(settings)) return {};
  const auto scripts = scripts_to_check(file, settings);
  auto answer = run_shellcheck(scripts, processes);
  if (!answer.error.empty()) return unchecked = {std::move(answer.error), answer.late}, std::vector<Finding>();
  auto read = read_shellcheck(scripts, answer.json);
  if (!read) return unchecked = {read.reason(), true}, std::vector<Finding>();
  auto findings = *std::move(read);
  keep_selected(settings, findings);
  return findings;
}

// Everything that is the same for all files.
struct Run {
  const Options& options;
  const Inputs& inputs;
  const Facts& facts;
  const LintReports& reports;
  std::size_t processes;  // of ShellCheck, for one file
};

bool reaches(const Settings& settings, const std::vector<Finding>& findings) {
  return settings.fail_on != Severity::off &&
         std::ranges::any_of(findings, [&](const Finding& finding) { return finding.severity >= settings.fail_on; });
}

// What findings say of the build context, whichever Dockerfile is built with it; empty where none does.
std::string words_about_context(const FileResult& result) {
  std::string words;
  for (const auto& finding : result.findings)
    if (finding.rule->once_in == OnceIn::context)
      words += std::string(finding.rule->id) + '\0' + finding.message + '\0';
  const auto& origin = result.file->context().origin();
  return words.empty() ? words : origin.directory + '\0' + origin.ignore_file + '\0' + words;
}

// The report of a file, and if need be the one that leaves out what has been said of its build context.
void report_file(const Run& run, const Settings& settings, FileResult& result, Linted& out) {
  out.found = reaches(settings, result.findings);
  out.report = run.reports.pieces(result);
  out.about_context = result.file ? words_about_context(result) : "";
  if (out.about_context.empty()) return;
  std::erase_if(result.findings, [](const Finding& finding) { return finding.rule->once_in == OnceIn::context; });
  out.otherwise = std::make_unique<Linted>();
  out.otherwise->found = reaches(settings, result.findings);
  out.otherwise->report = run.reports.pieces(result);
}

// All findings of a Dockerfile, ShellCheck's included.
std::vector<Finding> findings_of(const Run& run, const Settings& settings, const std::string& path,
                                 const Dockerfile& file, Linted& out, std::string& reason) {
  Unchecked unchecked;
  auto of_shellcheck = ask_shellcheck(file, settings, run.processes, unchecked);
  auto findings = find_in(file, settings, of_shellcheck);
  say_what_rests_on_registries(
      file, unsaid_in(settings), [&](const Dockerfile& other) { return find_in(other, settings, of_shellcheck); },
      findings);
  if (unchecked.failed) {
    // Half an answer must not pass for a whole one.
    reason = "the scripts were not checked: " + unchecked.note;
    out.notes += complaint(path, reason);
    out.failed = true;
  } else {
    out.shellcheck_note = std::move(unchecked.note);
  }
  join_repeated(file, findings);
  return findings;
}

Linted lint_file(const Run& run, const std::string& operand) {
  const auto path = name_of(run.options, operand);
  Linted out;
  FileResult result;
  result.path = run.options.path_in_report.empty() ? path : run.options.path_in_report;
  auto read = read_file(operand);
  const auto settings = settings_for(run.options, path);
  const bool unread = !read.error.empty();
  result.error = unread ? std::move(read.error) : settings.error;
  if (!result.error.empty()) {
    out.notes = complaint(unread ? path : "", result.error);  // a configuration says its own place
    out.failed = true;
  } else {
    result.file =
        read_dockerfile(std::move(read.text), run.facts, settings,
                        {[&](const Dockerfile& file) { return context_of(run.options, run.inputs, path, file); },
                         [&] { return default_context(run.options, run.inputs, path); }});
    if (is_template(*result.file)) {
      out.notes = complaint(path, std::string(template_note));
      report_file(run, settings, result, out);
      return out;
    }
    if (run.options.fix)
      if (auto fixed = apply_fixes(settings, path, *result.file, out))
        result.file = std::make_shared<const Dockerfile>(*std::move(fixed), run.facts, result.file->context(),
                                                         unsaid_in(settings));
    out.asked = settings.shellcheck == Shellcheck::on;
    result.findings = findings_of(run, settings, path, *result.file, out, result.unchecked);
  }
  report_file(run, settings, result, out);
  return out;
}

// The Dockerfiles that stand in a Compose file. Their fixes would have to be written with its indentation, so none is
// offered.
void lint_inlines(const Run& run, const Settings& settings, const std::string& path, Linted& out) {
  const auto inlines = run.inputs.repositories->read_file(path).inlines;
  if (inlines.empty()) return;
  const auto text = read_file(path, largest_companion).text;
  for (const auto& said : inlines) {
    auto in_place = text_in_place(text, said);
    if (!in_place) {
      out.notes += complaint(path, "the Dockerfile of `" + said.service +
                                       "` (`dockerfile_inline`) was not checked: it is not written line by line, or "
                                       "has variables, whose values Compose puts into it");
      continue;
    }
    FileResult result;
    result.path = path;
    result.file = read_dockerfile(*std::move(in_place), run.facts, settings,
                                  {[](const Dockerfile&) { return BuildContext(); }, [] { return BuildContext(); }});
    result.findings = findings_of(run, settings, path, *result.file, out, result.unchecked);
    for (auto& finding : result.findings) finding.fixes.clear();
    out.found |= reaches(settings, result.findings);
    out.more.push_back(run.reports.pieces(result));
  }
}

Linted lint_builds(const Run& run, const std::string& path) {
  Linted out;
  FileResult result;
  result.path = path;
  const auto settings = settings_for(run.options, path);
  result.error = settings.error;
  const bool unread = result.error.empty();
  if (unread) result.build_file = read_declared_builds(path, run.facts, result.error, run.inputs.repositories.get());
  if (!result.error.empty()) {
    out.notes = complaint(unread ? path : "", result.error);
    out.failed = true;
  } else {
    lint_inlines(run, settings, path, out);
    if (!result.build_file) return out;
    result.findings = lint_build_file(*result.build_file, settings.lint);
    out.found |= reaches(settings, result.findings);
  }
  out.report = run.reports.pieces(result);
  return out;
}

}  // namespace

int run_lint(const Options& options) {
  const auto* facts = load_facts(options);
  if (facts == nullptr) return exit_failed;
  const auto inputs = expand_paths(options);
  if (const auto obstacle = report_obstacle(options, inputs); !obstacle.empty()) {
    complain("", obstacle);
    return exit_failed;
  }
  const auto bases = resolve_base_images(options, inputs, *facts);
  for (const auto& text : bases.notes) complain("", "note: " + text);
  const auto threads = threads_for(options, inputs);
  LintReports reports(options, reported_rules(options, inputs.paths));
  const Run run{options, inputs, *bases.facts, reports, options.jobs / threads};
  bool failed = inputs.failed || bases.failed, found = false, asked = false;
  std::string note;  // once, however many files there are
  std::set<std::string> said_of_contexts;
  SaidOnce said;
  const auto dockerfiles = inputs.paths.size();
  work_in_order(
      dockerfiles + inputs.build_files.size(), threads,
      [&](std::size_t i) {
        return i < dockerfiles ? lint_file(run, inputs.paths[i])
                               : lint_builds(run, inputs.build_files[i - dockerfiles]);
      },
      [&](Linted file) {
        said.print(file.notes, file.failed);
        failed |= file.failed;
        asked |= file.asked;
        if (!file.shellcheck_note.empty()) note = std::move(file.shellcheck_note);
        const bool repeats =
            !file.about_context.empty() && !said_of_contexts.insert(std::move(file.about_context)).second;
        auto& shown = repeats ? *file.otherwise : file;
        found |= shown.found;
        reports.add(std::move(shown.report));
        for (auto& each : shown.more) reports.add(std::move(each));
      });
  // If it was not requested, its absence is worth a hint for people, but not noise in logs.
  if (!note.empty() && (asked || ::isatty(STDERR_FILENO) == 1))
    std::cerr << "dockhew: note: the scripts were not checked: " << note << '\n';
  failed |= !reports.finish();
  return failed ? exit_failed : found ? exit_found : exit_clean;
}

}  // namespace dockhew::cli
