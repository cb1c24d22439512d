#include "lint/lint.hpp"

#include <algorithm>
#include <tuple>

#include "buildkit/conversion_errors.hpp"
#include "lint/build_arguments.hpp"
#include "lint/buildkit_checks.hpp"
#include "lint/other_contexts.hpp"
#include "lint/suppression.hpp"
#include "lint/unbuilt.hpp"
#include "syntax/instruction_errors.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline lint {

extern constinit const Rule syntax_error_rule = {
    .id = "syntax-error",
    .aliases = {"DL1000"},
    .category = Category::correctness,
    .severity = Severity::error,
    .summary = "the builder rejects this line",
    .rationale = R"(BuildKit stops at this error and builds nothing. dockhew still lints the rest of the file.)",
    .fix = std::nullopt,
    .check = nullptr,
};

extern constinit const Rule instruction_error_rule = {
    .id = "instruction-error",
    .category = Category::correctness,
    .severity = Severity::error,
    .summary = "the builder cannot execute this instruction",
    .rationale = R"(BuildKit stops at this error and builds nothing: it does not know an instruction, a flag or an
argument. dockhew still lints the rest of the file.)",
    .fix = std::nullopt,
    .check = nullptr,
};

extern constinit const Rule conversion_error_rule = {
    .id = "conversion-error",
    .category = Category::correctness,
    .severity = Severity::error,
    .summary = "the builder rejects a value of this instruction",
    .rationale =
        R"(BuildKit reads the instruction but stops when it executes it: something is wrong with a mount option, a port,
a signal, or the name of an image or a stage. dockhew still lints the rest of the file.)",
    .fix = std::nullopt,
    .check = nullptr,
};

namespace {

constexpr std::string_view unreadable = "DL1000";  // hadolint's code for a file that it cannot read

// hadolint's code for a builder error. For hadolint, an error without a rule of its own means that it cannot read the
// file.
std::string_view hadolint_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::no_build_stage: return "DL3061";
    case ErrorKind::chained_onbuild:
    case ErrorKind::forbidden_trigger: return "DL3043";
    case ErrorKind::invalid_port: return "DL3011";
    case ErrorKind::circular_dependency: return "DL3023";
    case ErrorKind::later_stage: return "DL3022";
    case ErrorKind::expansion:
    case ErrorKind::other: break;
  }
  return unreadable;
}

// Removes the name, or the whole comment if it has no other name and there is nothing else on its line.
Fix remove_name(const Dockerfile& file, const Suppression& suppression, const std::string& name) {
  Fix fix;
  fix.title = "remove the comment";
  fix.applicability = Applicability::safe;
  if (suppression.names.size() > 1) {
    fix.declined = "the comment has other names besides `" + name + "`";
    return fix;
  }
  const auto source = file.source();
  fix.changes = {std::string(trim_unicode(slice(source, suppression.comment)))};
  const auto begin = source.rfind('\n', suppression.comment.begin);
  const Span line{static_cast<std::uint32_t>(begin == source.npos ? 0 : begin + 1), suppression.comment.begin};
  const auto end = std::min(source.find('\n', suppression.comment.begin), source.size() - 1);
  const bool alone = slice(source, line).find_first_not_of(" \t") == std::string_view::npos;
  if (!alone) fix.declined = "the comment is not on a separate line";
  else if (suppression.comment.begin == 0 && end + 1 < source.size() && source[end + 1] == '#')
    fix.declined = "the comment below could become a parser directive";
  else fix.edits.push_back({{line.begin, static_cast<std::uint32_t>(end) + 1}, ""});
  return fix;
}

// Whether one of the errors, which are sorted by place, is about this span. That a fragment has no FROM is no complaint
// about the instruction itself.
bool complains_inside(const std::vector<SyntaxError>& errors, Span span) {
  const auto begin_of = [](const SyntaxError& error) { return error.span.begin; };
  auto error = std::ranges::lower_bound(errors, span.begin, {}, begin_of);
  for (; error != errors.end() && error->span.begin <= span.end; ++error)
    if (span.contains(error->span) && error->kind != ErrorKind::no_build_stage) return true;
  return false;
}

// Whoever has made a comment of each line does not want to build it. BuildKit says only that there are no instructions.
bool is_commented_out(const Dockerfile& file) {
  const auto& nodes = file.document().lines().tree.nodes;
  return file.instructions().empty() && !file.document().too_large() &&
         std::ranges::any_of(nodes, [](const auto& node) { return node.kind == LineKind::comment; });
}

// Removes what comments silence, and reports the comments that silence nothing.
void report_unused(const Dockerfile& file, const LintSettings& settings, std::span<const Suppression> suppressions,
                   std::vector<Finding>& findings) {
  if (!settings.comments) return;
  const auto unused = remove_suppressed(suppressions, settings.rules, findings);
  const auto rule = std::ranges::find(settings.rules, "unused-suppression", &Rule::id);
  if (rule == settings.rules.end()) return;
  Report report(**rule, findings, settings.options);
  for (const auto& [index, name] : unused) {
    const auto& suppression = suppressions[index];
    const bool exists =
        find_rule(name) != nullptr || std::ranges::find(settings.rules, name, &Rule::id) != settings.rules.end();
    const std::string meant(exists ? "" : suggest_rule(name));
    auto& finding = report.add(suppression.comment, exists ? "`" + name + "` silences nothing here"
                                                           : "there is no rule `" + name + "`" +
                                                                 (meant.empty() ? "" : "; is `" + meant + "` meant?"));
    auto fix = remove_name(file, suppression, name);
    if (!meant.empty()) decline(fix, "the name is misspelt, and the exception is probably wanted");
    finding.fixes.push_back(std::move(fix));
  }
  for (const auto& [comment, meant] : find_malformed_suppressions(file))
    report.add(comment, "this silences nothing, because it has another form; is `" + meant + "` meant?");
  for (const auto& [comment, meant] : find_trailing_suppressions(file))
    report.add(comment, "this silences nothing behind an instruction; `" + meant +
                            "` needs a line of its own above what it is for");
}

// An option that only Buildah's mounts have: `--mount=type=bind,target=/src,z`.
bool is_buildahs_own(const SyntaxError& error) {
  constexpr std::string_view own[] = {"'z'", "'Z'", "'U'", "'O'", "'relabel'", "'chown'", "'idmap'"};
  if (!error.message.starts_with("invalid field '") && !error.message.starts_with("unexpected key '")) return false;
  return std::ranges::any_of(own,
                             [&](std::string_view name) { return error.message.find(name) != error.message.npos; });
}

std::optional<Severity> severity_of(const LintSettings& settings, const Finding& finding) {
  for (const auto& alias : finding.aliases)
    if (const auto found = settings.severities.find(alias); found != settings.severities.end()) return found->second;
  if (const auto found = settings.severities.find(std::string(finding.rule->id)); found != settings.severities.end())
    return found->second;
  if (!finding.aliases.empty()) return std::nullopt;  // its rule's other codes are about other findings
  const auto named = [&](const auto& entry) { return finding.rule->has_name(entry.first); };
  const auto found = std::ranges::find_if(settings.severities, named);
  return found == settings.severities.end() ? std::nullopt : std::optional(found->second);
}

// `--select DL3004` asks for all that hadolint would report under this code.
bool is_asked_by_code(const LintSettings& settings, const Finding& finding) {
  return std::ranges::any_of(finding.aliases, [&](const std::string& alias) {
    return std::ranges::any_of(settings.only,
                               [&](const std::string& name) { return equals_ignoring_case(name, alias); });
  });
}

// The lines that Git leaves where a merge has to be finished by hand: `<<<<<<< HEAD`. Empty where none begins one.
std::vector<Span> conflict_markers(const Dockerfile& file, std::span<const SyntaxError> errors) {
  constexpr std::string_view markers[] = {"<<<<<<<", "=======", ">>>>>>>", "|||||||"};
  std::vector<Span> found;
  for (const auto& error : errors)
    if (const auto text = slice(file.source(), error.span);
        std::ranges::any_of(markers, [&](std::string_view marker) { return text.starts_with(marker); }))
      found.push_back(error.span);
  if (!found.empty() && !slice(file.source(), found.front()).starts_with(markers[0])) found.clear();
  return found;
}

// What is meant by a file that does not build is a guess.
void decline_fixes(std::vector<Finding>& findings) {
  for (auto& finding : findings)
    for (auto& fix : finding.fixes) {
      if (!fix.declined.empty()) continue;
      decline(fix, "the builder rejects this file");
    }
}

}  // namespace

bool is_rejection(const Finding& finding) {
  return finding.rule == &syntax_error_rule || finding.rule == &instruction_error_rule ||
         finding.rule == &conversion_error_rule;
}

void apply_names(const LintSettings& settings, std::vector<Finding>& findings) {
  const auto answers = [](const Finding& finding) {
    return [&](const std::string& name) { return answers_to(finding, name); };
  };
  std::erase_if(findings, [&](Finding& finding) {
    const auto* rule = finding.rule;
    const bool of_catalogue = rule->check != nullptr || rule->check_builds != nullptr;
    if (!of_catalogue && (finding.aliases.empty() || finding.aliases[0] == unreadable)) return false;
    if (!settings.only.empty() && std::ranges::none_of(settings.only, answers(finding))) return true;
    if (std::ranges::any_of(settings.ignore, answers(finding))) return true;
    if (const auto severity = severity_of(settings, finding)) finding.severity = *severity;
    else if (finding.severity == Severity::off && is_asked_by_code(settings, finding))
      finding.severity = finding.rule->severity;
    return finding.severity == Severity::off && !settings.with_off;
  });
}

std::vector<Finding> lint_file(const Dockerfile& file, std::span<const Rule* const> rules) {
  return lint_file(file, LintSettings{.rules = {rules.begin(), rules.end()}});
}

std::vector<Finding> lint_file(const Dockerfile& file, const LintSettings& settings) {
  const auto& rules = settings.rules;
  const auto& check_directive = settings.check_directive;
  auto findings = settings.found;
  Report syntax(syntax_error_rule, findings, settings.options);
  for (const auto& error : file.document().errors()) {
    auto& finding = syntax.add(error.span, error.message, {std::string(unreadable)});
    if (file.unsaid() != Unsaid::plain_build && is_commented_out(file)) {
      finding.severity = Severity::info;
      finding.message = "every line of this file is a comment, so there is nothing to build";
    }
  }
  Report instructions(instruction_error_rule, findings, settings.options);
  const auto rejected = find_instruction_errors(file.document());
  if (const auto markers = conflict_markers(file, rejected); !markers.empty() && file.unsaid() != Unsaid::plain_build) {
    // Half of what follows is to be removed.
    auto& finding = instructions.add(markers.front(), "the builder stops at Git's conflict marker; finish the merge",
                                     {std::string(unreadable)});
    finding.related.assign(markers.begin() + 1, markers.end());
    return findings;
  }
  for (const auto& error : rejected)
    instructions.add(error.span, error.message, {std::string(hadolint_code(error.kind))});
  if (file.document().errors().empty() && rejected.empty() && file.stages().empty())
    instructions.add({0, 0}, "dockerfile contains no stages to build");
  Report conversion(conversion_error_rule, findings, settings.options);
  for (const auto& wrong : find_conversion_errors(file)) {
    const auto span = file.instructions()[wrong.instruction].span;
    if (settings.options.builder == Builder::buildah && is_buildahs_own(wrong.error)) continue;
    // One instruction, one complaint: what it says of itself comes first.
    if (!complains_inside(file.document().errors(), span) && !complains_inside(rejected, span)) {
      const auto code = hadolint_code(wrong.error.kind);
      std::vector<std::string> codes;
      if (code != unreadable) codes.emplace_back(code);  // hadolint reads everything else
      conversion.add(wrong.error.span, wrong.error.message, std::move(codes));
    }
  }
  if (const auto error = check_settings_error(file, check_directive)) conversion.add(error->span, error->message);
  const auto suppressions = settings.comments ? find_suppressions(file) : std::vector<Suppression>();
  auto options = settings.options;
  // A setting may give a finding that is off another severity, and a comment may have been written for it.
  options.only_shown =
      !settings.with_off && settings.severities.empty() && settings.only.empty() && suppressions.empty();
  const auto run = [&](const Rule* rule) {
    if (rule->check == nullptr || (rule->about_mounts && !has_mounts(settings.options.builder))) return;
    Report report(*rule, findings, options);
    rule->check(file, report);
  };
  for (const auto* rule : rules) run(rule);
  for (const auto* rule : experimental_rules(file, check_directive))
    if (std::ranges::find(rules, rule) == rules.end()) run(rule);
  if (std::ranges::any_of(findings, is_rejection)) decline_fixes(findings);
  // Those of other programs do not look at the context.
  hold_in_all_contexts(file, settings.options, std::span(findings).subspan(settings.found.size()));
  hold_for_other_arguments(file, std::span(findings).subspan(settings.found.size()));
  mark_going_on(file, findings);
  if (!settings.options.selected) {
    quiet_left_over(file, findings);
    quiet_unused(file, findings);
    quiet_unreached(file, findings);
  }
  report_unused(file, settings, suppressions, findings);
  apply_check_settings(file, check_directive, findings);
  apply_names(settings, findings);
  std::ranges::stable_sort(findings, {},
                           [](const Finding& finding) { return std::tuple(finding.span.begin, finding.rule->id); });
  return findings;
}

}  // namespace dockhew::inline lint
