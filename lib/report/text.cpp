#include "report/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>

#include "lint/rule.hpp"
#include "lint/secrets.hpp"
#include "report/repeated.hpp"
#include "text/position.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline report {
namespace {

std::string_view colour_of(Severity severity, const Colours& colours) {
  return severity == Severity::error ? colours.red : severity == Severity::warning ? colours.yellow : colours.blue;
}

// Columns a terminal needs for escaped text: tabs count as one here and are printed as one blank.
std::string shown(std::string_view text) {
  auto escaped = escape_for_terminal(text);
  std::ranges::replace(escaped, '\t', ' ');
  return escaped;
}

std::size_t width(std::string_view text) {
  std::size_t columns = 0;
  for (; !text.empty(); text.remove_prefix(decode_rune(text).size)) ++columns;
  return columns;
}

// Lines longer than this are shown around what is marked: a generated line of a megabyte with a thousand findings would
// be a gigabyte of output.
constexpr std::size_t longest_shown = 400;
constexpr std::size_t shown_around = 60, longest_marked = 200;

// The nearest place not after `at` that does not lie inside of a character.
std::size_t between_characters(std::string_view text, std::size_t at) {
  for (int i = 0; i < 3 && at > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80; ++i)
    --at;
  return at;
}

struct ShownLine {
  std::string before, marked, after;
};

// The line's parts before, in and after [begin, end).
ShownLine shown_line(std::string_view text, std::size_t begin, std::size_t end) {
  std::size_t first = 0, marked_end = std::min(end, text.size()), last = text.size();
  begin = std::min(begin, text.size());
  if (text.size() > longest_shown) {
    first = between_characters(text, begin > shown_around ? begin - shown_around : 0);
    marked_end = std::max(begin, between_characters(text, std::min(marked_end, begin + longest_marked)));
    last = std::max(marked_end, between_characters(text, std::min(last, marked_end + shown_around)));
  }
  return {(first > 0 ? "…" : "") + shown(text.substr(first, begin - first)),
          shown(text.substr(begin, marked_end - begin)),
          shown(text.substr(marked_end, last - marked_end)) + (last < text.size() ? "…" : "")};
}

void append_source(std::string& out, const LineIndex& lines, Span span, const Colours& colours,
                   std::string_view colour) {
  const auto first = lines.line(span.begin);
  const auto number = fmt::format("{:>5}", first);
  const auto text = lines.line_text(first);
  const auto offset = std::min<std::size_t>(span.begin - lines.line_begin(first), text.size());
  const auto last = lines.line(span.empty() ? span.begin : span.end - 1);
  const auto line = shown_line(text, offset, last > first ? text.size() : offset + std::max(span.size(), 1u));
  out += fmt::format("{}{} |{} {}{}\n", colours.dim, number, colours.reset, line.before + line.marked, line.after);
  out += fmt::format("{}      |{} {}{}{}{}{}\n", colours.dim, colours.reset, std::string(width(line.before), ' '),
                     colour, std::string(std::max<std::size_t>(width(line.marked), 1), '^'),
                     last > first ? fmt::format(" … to line {}", last) : "", colours.reset);
}

void append_fix(std::string& out, const Fix& fix, const Colours& colours) {
  if (!fix.declined.empty()) {
    out += fmt::format("      {}= no fix:{} {}\n", colours.dim, colours.reset, escape_for_terminal(fix.declined));
    return;
  }
  out += fmt::format("      {}= fix{} ({}): {}\n", colours.green, colours.reset, to_string(fix.applicability),
                     escape_for_terminal(fix.title));
  for (const auto& assumption : fix.assumptions)
    out += fmt::format("        assuming {}: {}\n", assumption.id, escape_for_terminal(assumption.sentence));
}

// One finding, and the lines of others that say the same.
void append_finding(std::string& out, const std::string& path, const LineIndex& lines, const RepeatedFinding& repeated,
                    const Colours& colours) {
  const auto& finding = *repeated.first;
  const auto place = lines.position(finding.span.begin);
  const auto colour = colour_of(finding.severity, colours);
  std::string aliases;
  for (const auto& alias : finding.aliases) aliases += ", " + alias;
  out += fmt::format("{}{}:{}:{}:{} {}{}:{} {} {}[{}{}]{}\n", colours.bold, escape_for_terminal(path), place.line,
                     place.column, colours.reset, colour, to_string(finding.severity), colours.reset,
                     escape_for_terminal(finding.message), colours.dim, finding.rule->id, aliases, colours.reset);
  append_source(out, lines, finding.span, colours, colour);
  if (const auto also = also_in(lines, finding, repeated.others); !also.empty())
    out += fmt::format("      {}= {}{}\n", colours.dim, also, colours.reset);
  if (const auto* fix = shown_fix(finding)) append_fix(out, *fix, colours);
  out += '\n';
}

std::string format_findings(const FileResult& result, const std::vector<RepeatedFinding>& findings,
                            const Colours& colours) {
  std::string out;
  if (findings.empty()) return out;
  const auto source = without_secrets(*result.source());
  const LineIndex lines(source);
  for (const auto& finding : findings) append_finding(out, result.path, lines, finding, colours);
  return out;
}

std::string piece(const FileResult& result, const ReportContext& context) {
  return format_findings(result, group_repeated(result.findings), context.colour ? Colours::ansi() : Colours::none());
}

std::string counted(std::size_t n, const char* word) { return fmt::format("{} {}{}", n, word, n == 1 ? "" : "s"); }

ReportFormat::Frame frame(const ReportTotals& totals, const ReportContext&, bool) {
  if (totals.findings() == 0 && totals.unchecked.empty()) return {};
  const auto hint =
      totals.safely_fixable == 0 ? std::string() : fmt::format("{} fixable with `--fix`\n", totals.safely_fixable);
  return {"", totals_line(totals) + '\n' + hint};
}

std::string listed(const std::vector<SaidOfLines>& said) {
  std::string out;
  for (const auto& one : said) out += fmt::format("- {}: {}", line_list(one.lines), one.text);
  return out;
}

// Fixes of one kind are one entry with all of their lines.
template <typename IsOne>
std::string reasons_of_changes(const std::vector<AppliedFix>& applied, const IsOne& is_one, const Colours& colours) {
  LinesByText said;
  for (const auto& fix : applied) {
    if (!std::invoke(is_one, fix)) continue;
    auto text = fmt::format("{} {}[{}, {}]{}\n  {}\n", escape_for_terminal(fix.title), colours.dim, fix.rule->id,
                            to_string(fix.applicability), colours.reset, escape_for_terminal(fix.message));
    for (const auto& assumption : fix.assumptions)
      text += fmt::format("  assuming {}: {}\n", assumption.id, escape_for_terminal(assumption.sentence));
    for (const auto& item : fix.checklist) text += fmt::format("  check: {}\n", escape_for_terminal(item));
    said.add(std::move(text), fix.line);
  }
  return listed(said.sorted());
}

// The surest first; where they are not all equally sure, each kind under what that means.
std::string reasons_of_changes(const std::vector<AppliedFix>& applied, const Colours& colours) {
  constexpr std::pair<Applicability, std::string_view> kinds[] = {
      {Applicability::safe, "Safe, whatever the build context and the caches hold:"},
      {Applicability::conditional, "Conditional, right under what is assumed:"},
      {Applicability::unsafe, "Unsafe, because the image changes by design:"},
      {Applicability::display_only, "Only shown, because somebody has to decide:"}};
  std::string out;
  for (const auto& [kind, title] : kinds) {
    const auto reasons = reasons_of_changes(
        applied, [kind = kind](const AppliedFix& fix) { return fix.applicability == kind && !fix.only_with_unsafe; },
        colours);
    const bool all = std::ranges::count(applied, kind, &AppliedFix::applicability) == std::ssize(applied);
    if (!reasons.empty() && !all) out += fmt::format("{}{}{}\n", colours.bold, title, colours.reset);
    out += reasons;
  }
  const auto dependent = reasons_of_changes(applied, &AppliedFix::only_with_unsafe, colours);
  if (!dependent.empty())
    out += fmt::format("{}Only together with what is unsafe:{}\n{}", colours.bold, colours.reset, dependent);
  return out;
}

std::string list_of_others(const std::vector<OtherFix>& others, const Colours& colours) {
  LinesByText said;
  for (const auto& fix : others)
    said.add(fmt::format("{} {}[{}, {}]{}\n", escape_for_terminal(fix.title), colours.dim, fix.rule->id,
                         to_string(fix.applicability), colours.reset),
             fix.line);
  return listed(said.sorted());
}

std::string reasons_of_silence(const std::vector<Unjudged>& unjudged) {
  LinesByText said;
  for (const auto& one : unjudged) said.add(escape_for_terminal(one.sentence) + '\n', one.line);
  return listed(said.sorted());
}

std::string reasons_against(const std::vector<DeclinedFix>& fixes, const Colours& colours) {
  LinesByText said;
  for (const auto& fix : fixes)
    said.add(fmt::format("{} {}[{}]{}\n  because {}\n", escape_for_terminal(fix.message), colours.dim, fix.rule->id,
                         colours.reset, escape_for_terminal(fix.reason)),
             fix.line);
  return listed(said.sorted());
}

}  // namespace

const ReportFormat text_report{"text", "", piece, frame, totals_for_people};

ReportTotals totals_for_people(const FileResult& result) {
  auto totals = totals_of(result);
  totals.errors = totals.warnings = totals.notes = totals.safely_fixable = 0;
  for (const auto& repeated : group_repeated(result.findings)) {
    totals.count(repeated.first->severity);
    if (is_safely_fixable(*repeated.first)) ++totals.safely_fixable;
  }
  return totals;
}

std::string totals_line(const ReportTotals& totals) {
  const auto unchecked = totals.unchecked.empty()
                             ? std::string()
                             : "; " + counted(totals.unchecked.size(), "file") + " not checked completely";
  return fmt::format("{}, {}, {} in {}{}", counted(totals.errors, "error"), counted(totals.warnings, "warning"),
                     counted(totals.notes, "note"), counted(totals.files, "file"), unchecked);
}

Colours Colours::ansi() { return {"\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[34m", "\x1b[0m"}; }

std::string format_text(const FileResult& result, const Colours& colours) {
  std::vector<RepeatedFinding> each;
  for (const auto& finding : result.findings) each.push_back({&finding, {}});
  return format_findings(result, each, colours);
}

const char* heading_of_failing(const Rewrite& rewrite) {
  return rewrite.builds_now ? "Without these changes the build fails" : "The build fails";
}

std::string format_contexts(const std::vector<ContextOrigin>& contexts) {
  std::string out;
  for (const auto& context : contexts)
    if (!context.reason.empty())
      out += fmt::format("Build context: `{}` ({})\n", escape_for_terminal(context.directory),
                         escape_for_terminal(context.reason));
    else if (!context.missing.empty())
      out += fmt::format(
          "Build context: not known (no directory here that could be it has `{}`; `--context` says which one it is)\n",
          escape_for_terminal(context.missing));
  return out;
}

std::string format_coloured_diff(const std::string& path, std::string_view before, std::string_view after,
                                 const Colours& colours, Escaping escaping) {
  std::string out;
  const auto diff = format_diff(diff_lines(before, after), path);
  for (std::string_view rest = diff; !rest.empty();) {
    const auto newline = rest.find('\n');
    const auto line = rest.substr(0, newline);
    rest.remove_prefix(newline + 1);
    const bool header = line.starts_with("---") || line.starts_with("+++");
    const auto colour = header                   ? colours.bold
                        : line.starts_with('+')  ? colours.green
                        : line.starts_with('-')  ? colours.red
                        : line.starts_with("@@") ? colours.blue
                                                 : std::string_view();
    out += fmt::format("{}{}{}\n", colour, escaping == Escaping::on ? escape_for_terminal(line) : std::string(line),
                       colour.empty() ? "" : colours.reset);
  }
  return out;
}

std::string format_rewrite(const std::string& path, std::string_view before, const Rewrite& rewrite,
                           const Colours& colours, Escaping escaping) {
  auto out = format_coloured_diff(path, before, rewrite.text, colours, escaping);
  const bool says_more =
      !rewrite.declined.empty() || !rewrite.unjudged.empty() || !rewrite.failing.empty() || !rewrite.others.empty();
  if (out.empty() && says_more) out = fmt::format("{}: nothing was changed\n", escape_for_terminal(path));
  if (!rewrite.failing.empty())
    out += fmt::format("\n{}{}:{}\n", colours.bold, heading_of_failing(rewrite), colours.reset);
  for (const auto& step : rewrite.failing)
    out += fmt::format("- line {}: {}\n", step.line, escape_for_terminal(step.message));
  if (!rewrite.applied.empty() || !rewrite.declined.empty())
    if (const auto contexts = format_contexts(rewrite.contexts); !contexts.empty()) out += "\n" + contexts;
  if (rewrite.needs_buildkit)
    out +=
        fmt::format("{}Needs {}\n", rewrite.contexts.empty() ? "\n" : "",
                    rewrite.needed_builder.empty() ? "BuildKit: Docker 23 or later, or `DOCKER_BUILDKIT=1` before that"
                                                   : escape_for_terminal(rewrite.needed_builder));
  if (!rewrite.applied.empty()) out += fmt::format("\n{}Why:{}\n", colours.bold, colours.reset);
  out += reasons_of_changes(rewrite.applied, colours);
  if (!rewrite.declined.empty()) out += fmt::format("\n{}Not changed:{}\n", colours.bold, colours.reset);
  out += reasons_against(rewrite.declined, colours);
  if (!rewrite.others.empty())
    out += fmt::format("\n{}Not about the build, and taken by `dockhew optimize --select RULE --write`:{}\n{}",
                       colours.bold, colours.reset, list_of_others(rewrite.others, colours));
  if (!rewrite.unjudged.empty()) out += fmt::format("\n{}Not judged:{}\n", colours.bold, colours.reset);
  out += reasons_of_silence(rewrite.unjudged);
  return out;
}

}  // namespace dockhew::inline report
