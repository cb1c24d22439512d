// Fires on a comment that looks like `# syntax=…`, `# escape=…` or `# check=…` and stands below something else: a
// directive counts at the very top of the file, and anywhere else it is a comment. The fix moves it there.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "edits/run_edits.hpp"
#include "lint/rule.hpp"
#include "syntax/parser_directive.hpp"
#include "text/utf8.hpp"

namespace dockhew::rules {
namespace {

struct Directive {
  std::string_view name, value;
};

// Of a comment with its `#`. Others explain in such words what somebody may write there, so the value must be whole.
std::optional<Directive> directive_of(std::string_view comment) {
  comment = trim_unicode(comment.substr(1));
  const auto equals = comment.find('=');
  if (equals == comment.npos) return std::nullopt;
  const auto name = trim_unicode(comment.substr(0, equals)), value = trim_unicode(comment.substr(equals + 1));
  const bool one_word = !value.empty() && value.find_first_of(" \t<>") == value.npos;
  if (name == "syntax" && one_word && value.find('/') != value.npos) return Directive{name, value};
  if (name == "escape" && (value == "`" || value == "\\")) return Directive{name, value};
  const bool checks = value.starts_with("skip=") || value.starts_with("error=") || value.starts_with("experimental=");
  if (name == "check" && one_word && checks) return Directive{name, value};
  return std::nullopt;
}

// Where a directive counts: after the byte order mark and the line `#!`, before everything else.
Fix move_up(const Dockerfile& file, Span comment, std::string_view name) {
  const auto& source = file.source();
  Fix fix;
  fix.title = "move it to the top";
  // With it, everything above it would be read in another way.
  if (name == "escape") return decline(fix, "the rest of the file is written for the other character");
  const std::uint32_t begin = source.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  if (source.substr(begin).starts_with("#!")) return decline(fix, "the file begins with a `#!` line");
  fix.applicability = name == "syntax" ? Applicability::conditional : Applicability::safe;
  if (name == "syntax")
    fix.assumptions.push_back({"frontend-can-be-pulled", "the builder can pull the image that it names"});
  const auto line_begin = static_cast<std::uint32_t>(source.rfind('\n', comment.begin) + 1);
  const auto line_end = static_cast<std::uint32_t>(std::min(source.find('\n', comment.end), source.size() - 1) + 1);
  const Span line{line_begin, line_end};
  fix.edits = {{{begin, begin}, std::string(slice(source, comment)) + std::string(file.document().newline())},
               remove_lines(file.document(), line)};
  fix.changes = {std::string(slice(source, comment))};
  return fix;
}

void check(const Dockerfile& file, Report& report) {
  constexpr std::size_t most_examined = 1000;
  std::size_t examined = 0;
  std::uint32_t instruction_end = 0;
  for (const auto& node : file.document().lines().tree.nodes) {
    if (node.kind == LineKind::instruction) instruction_end = node.span().end;
    if (node.kind != LineKind::comment) continue;
    if (++examined > most_examined) return;
    const auto comment = slice(file.source(), node.span());
    const auto directive = directive_of(comment.substr(0, comment.find_last_not_of("\r\n") + 1));
    if (!directive) continue;
    const std::string name(directive->name);
    // One at the top counts already, and another says the same or nothing.
    if (find_parser_directive(file.source(), name)) continue;
    const Span place{node.span().begin,
                     node.span().begin + static_cast<std::uint32_t>(comment.find_last_not_of("\r\n") + 1)};
    auto& finding =
        report.add(place, "`# " + name + "=` counts at the very top of the file alone, so here it is a comment");
    if (place.begin >= instruction_end) finding.fixes.push_back(move_up(file, place, name));
    return;
  }
}

}  // namespace

extern constinit const Rule misplaced_directive = {
    .id = "misplaced-directive",
    .category = Category::correctness,
    .severity = Severity::warning,
    .summary = "a parser directive that is not at the top of the file",
    .rationale =
        R"(BuildKit looks for `# syntax=`, `# escape=` and `# check=` in the first lines of the file. A comment, an empty
line or an instruction ends the search, and what follows is a comment like any other: the builder reads the file with its own
frontend, and says nothing of it. Put directives first.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
