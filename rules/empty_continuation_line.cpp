// Fires on an empty line inside a continued instruction. BuildKit still skips it, but has announced that it will stop
// doing so; a comment line there is fine.
#include <algorithm>
#include <string_view>
#include <vector>

#include "lint/rule.hpp"
#include "text/utf8.hpp"

namespace dockhew::rules {
namespace {

// The empty lines of an instruction, each with its line ending.
std::vector<Span> empty_lines(std::string_view source, Span head) {
  std::vector<Span> lines;
  for (auto begin = head.begin; begin < head.end;) {
    const auto end = static_cast<std::uint32_t>(std::min<std::size_t>(source.find('\n', begin), source.size() - 1) + 1);
    if (trim_unicode(source.substr(begin, end - begin)).empty()) lines.push_back({begin, end});
    begin = end;
  }
  return lines;
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& instruction : file.instructions()) {
    if (!instruction.empty_continuation) continue;
    // A continuation that ends in empty lines has them after its last word.
    auto head = file.document().lines().tree.nodes[instruction.node].span();
    if (!instruction.heredocs.empty()) head.end = instruction.heredocs.front().body.begin;
    const auto lines = empty_lines(file.source(), head);
    if (lines.empty()) continue;
    auto& finding = report.add({lines[0].begin, lines[0].begin}, "Empty continuation line", {"NoEmptyContinuation"});
    Fix fix;
    fix.title = lines.size() == 1 ? "remove the empty line" : "remove the empty lines";
    fix.applicability = Applicability::safe;
    for (const auto& line : lines) fix.edits.push_back({line, ""});
    finding.fixes.push_back(std::move(fix));
  }
}

}  // namespace

extern constinit const Rule empty_continuation_line = {
    .id = "empty-continuation-line",
    .aliases = {"NoEmptyContinuation"},
    .category = Category::correctness,
    .severity = Severity::warning,
    .summary = "an empty line inside a continued instruction",
    .rationale =
        R"(Builders still skip the empty line, but BuildKit has announced that it will stop doing so; the instruction
would then end there. Remove the line, or put a comment in its place.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
