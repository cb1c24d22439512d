// dockhew lint: findings in the format asked for, and the safe fixes on request.
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <optional>

#include "commands.hpp"
#include "configuration.hpp"
#include "files.hpp"
#include "lint/buildkit_checks.hpp"
#include "lint/hadolint.hpp"
#include "lint/lint.hpp"
#include "report/checkstyle.hpp"
#include "report/github.hpp"
#include "report/gitlab.hpp"
#include "report/json.hpp"
#include "report/junit.hpp"
#include "report/sarif.hpp"
#include "report/text.hpp"
#include "rewrite/rewrite.hpp"
#include "shellcheck_run.hpp"
#include "version.hpp"

namespace dockhew::cli {
namespace {

struct Counts {
  std::size_t errors = 0, warnings = 0, notes = 0;
};

// Applies the safe fixes; the text stays as it was when the file could not be written.
bool apply_fixes(const Settings& settings, const std::string& path, const Facts& facts, const BuildContext& context,
                 std::string& text) {
  auto rewritten = rewrite(text, facts, context, settings.lint.rules, Applicability::safe, settings.lint.options);
  if (rewritten.text == text) return true;
  if (path == "-")
    return complain(path, "--fix needs a file; `dockhew optimize --safe --output - -` prints the result"), false;
  if (const auto error = write_file(path, rewritten.text); !error.empty()) return complain(path, error), false;
  for (const auto& fix : rewritten.applied)
    std::cerr << path << ':' << fix.line << ": fixed: " << fix.title << " [" << fix.rule->id << "]\n";
  text = std::move(rewritten.text);
  return true;
}

// As the build argument of that name, it replaces the directive in the file.
std::optional<std::string> check_directive() {
  const char* value = std::getenv("BUILDKIT_DOCKERFILE_CHECK");
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

// What ShellCheck says, if it is wanted and there. `note` becomes why it says nothing.
std::vector<Finding> ask_shellcheck(const Dockerfile& file, const Settings& settings, std::string& note) {
  const auto is_wanted = [](const Rule* rule) { return rule->id.starts_with("shellcheck"); };
  const auto& rules = settings.lint.rules;
  if (settings.shellcheck == Shellcheck::off || std::ranges::none_of(rules, is_wanted)) return {};
  const auto scripts = shell_scripts(file);
  auto answer = run_shellcheck(scripts);
  if (!answer.error.empty()) return note = std::move(answer.error), std::vector<Finding>();
  auto findings = read_shellcheck(scripts, answer.json);
  std::erase_if(findings, [&](const Finding& f) { return std::ranges::find(rules, f.rule) == rules.end(); });
  return findings;
}

std::vector<Finding> findings_of(const Dockerfile& file, const Settings& settings, std::string& note) {
  if (settings.as_buildkit) return lint_as_buildkit(file, settings.lint.rules, check_directive());
  auto lint_settings = settings.lint;
  lint_settings.found = ask_shellcheck(file, settings, note);
  for (const auto* user_rules : settings.user_rules)
    std::ranges::move(find_user_rules(file, user_rules->rules), std::back_inserter(lint_settings.found));
  lint_settings.check_directive = check_directive();
  return settings.as_hadolint ? lint_as_hadolint(file, lint_settings) : lint(file, lint_settings);
}

std::string summary(const Counts& counts, std::size_t files) {
  const auto plural = [](std::size_t n, const char* word) {
    return std::to_string(n) + ' ' + word + (n == 1 ? "" : "s");
  };
  return plural(counts.errors, "error") + ", " + plural(counts.warnings, "warning") + ", " +
         plural(counts.notes, "note") + " in " + plural(files, "file");
}

std::string format_results(std::string_view format, const std::vector<FileResult>& results,
                           const std::vector<const Rule*>& rules) {
  if (format == "sarif") return format_sarif(results, rules, version);
  if (format == "github") return format_github(results);
  if (format == "gitlab") return format_gitlab(results);
  if (format == "checkstyle") return format_checkstyle(results);
  if (format == "junit") return format_junit(results);
  return format_json(results);
}

}  // namespace

int run_lint(const Options& options) {
  const auto* facts = load_facts(options);
  if (facts == nullptr) return exit_failed;
  const auto inputs = expand_paths(options.operands);
  bool failed = inputs.failed, found = false;
  Counts counts;
  const auto colours = options.colour ? Colours::ansi() : Colours::none();
  std::vector<FileResult> results;
  bool asked = false;  // for ShellCheck, and not merely when it is there
  std::vector<const Rule*> reported_rules(all_rules().begin(), all_rules().end());
  std::string note;  // once, however many files there are
  for (const auto& path : inputs.paths) {
    FileResult result;
    result.path = path;
    auto read = read_file(path);
    const auto settings = settings_for(options, path);
    result.error = read.error.empty() ? settings.error : std::move(read.error);
    if (!result.error.empty()) {
      complain(path, result.error);
      failed = true;
      results.push_back(std::move(result));
      continue;
    }
    const auto context =
        settings.as_buildkit ? default_context(options, inputs, path) : context_of(options, inputs, path, read.text);
    if (options.fix) failed |= !apply_fixes(settings, path, *facts, context, read.text);
    const auto unsaid = settings.as_buildkit ? Unsaid::plain_build : Unsaid::unknown;
    result.file = std::make_shared<const Dockerfile>(std::move(read.text), *facts, context, unsaid);
    for (const auto* rule : settings.lint.rules)
      if (std::ranges::find(reported_rules, rule) == reported_rules.end()) reported_rules.push_back(rule);
    asked |= settings.shellcheck == Shellcheck::on;
    result.findings = findings_of(*result.file, settings, note);
    for (const auto& finding : result.findings) {
      ++(finding.severity == Severity::error     ? counts.errors
         : finding.severity == Severity::warning ? counts.warnings
                                                 : counts.notes);
      found |= settings.fail_on != Severity::off && finding.severity >= settings.fail_on;
    }
    if (options.format == "text") std::cout << format_text(result, colours);
    else results.push_back(std::move(result));
  }
  // Unasked, its absence is a hint for people, and no noise for logs.
  if (!note.empty() && (asked || ::isatty(STDERR_FILENO) == 1))
    std::cerr << "dockhew: note: the scripts were not checked: " << note << '\n';
  if (options.format != "text") std::cout << format_results(options.format, results, reported_rules);
  else if (counts.errors + counts.warnings + counts.notes > 0)
    std::cout << summary(counts, inputs.paths.size()) << '\n';
  return failed ? exit_failed : found ? exit_found : exit_clean;
}

}  // namespace dockhew::cli
