// Fires on a comment behind a command of a RUN that goes on in the next line. The builder joins the lines before the
// shell sees them, so the comment reaches to the end of the RUN, and the rest never runs.
#include <algorithm>
#include <string>

#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "syntax/shell.hpp"
#include "text/utf8.hpp"

namespace dockhew::rules {
namespace {

// The part of a comment that stands in its first line, without the blanks and the backslash that continue the line.
Span first_line(std::string_view source, Span comment, std::size_t newline) {
  auto end = newline;
  while (end > comment.begin && std::string_view(" \t\r\\`").find(source[end - 1]) != std::string_view::npos) --end;
  return {comment.begin, static_cast<std::uint32_t>(end)};
}

// Whether the lines after the first have anything but comments of their own, which the builder removes.
bool has_commands(std::string_view lines) {
  while (!lines.empty()) {
    const auto end = std::min(lines.find('\n'), lines.size());
    const auto line = trim_unicode(lines.substr(0, end));
    if (!line.empty() && line != "\\" && line != "`" && !line.starts_with('#')) return true;
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  return false;
}

void check_script(const Dockerfile& file, const Step& step, Report& report) {
  const auto& script = *step.script;
  const auto text = script.text.view();
  if (script.from_heredoc || text.find('#') == text.npos) return;
  const auto tree = parse_shell(text);
  for (const auto& node : tree.tree.nodes) {
    if (node.kind != ShellKind::comment) continue;
    const auto comment = script.text.to_source(node.span());
    const auto end = std::min(comment.end, step.instruction->span.end);
    const auto newline = file.source().find('\n', comment.begin);
    if (newline >= end || !has_commands(slice(file.source(), {static_cast<std::uint32_t>(newline + 1), end}))) continue;
    report.add(first_line(file.source(), comment, newline),
               "the lines of a RUN are joined before the shell reads them, so all that follows belongs to this comment "
               "and does not run; put the comment on a line of its own");
    return;
  }
}

void check(const Dockerfile& file, Report& report) {
  for_each_script(file, [&](const Stage&, const Step& step) { check_script(file, step, report); });
}

}  // namespace

extern constinit const Rule swallowed_by_comment = {
    .id = "swallowed-by-comment",
    .category = Category::correctness,
    .severity = Severity::error,
    .summary = "a comment hides the rest of a RUN",
    .rationale =
        R"(A backslash at the end of a line joins it with the next one, and the builder does that before the shell
gets the text. To the shell, `apt-get update # refresh \` and `&& apt-get install curl` are one line, in which all that
follows the `#` is a comment: nothing is installed, and the build succeeds.

A line that begins with `#` is different: the builder removes it. In a heredoc lines stay lines. There is no fix, because
then more would run than before.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
