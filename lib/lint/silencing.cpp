#include "lint/silencing.hpp"

#include <algorithm>

#include "lint/rule.hpp"
#include "lint/suppression.hpp"

namespace dockhew::inline lint {
namespace {

std::uint32_t line_begin(std::string_view source, std::uint32_t offset) {
  const auto before = offset == 0 ? source.npos : source.rfind('\n', offset - 1);
  return before == source.npos ? 0 : static_cast<std::uint32_t>(before) + 1;
}

// The instruction of the file that a place is in; null for a place between two.
const Instruction* instruction_at(const Dockerfile& file, std::uint32_t offset) {
  const auto begin_of = [](const Instruction& instruction) { return instruction.span.begin; };
  const auto after = std::ranges::upper_bound(file.instructions(), offset, {}, begin_of);
  if (after == file.instructions().begin()) return nullptr;
  const auto& found = *std::prev(after);
  return offset <= found.span.end ? &found : nullptr;
}

// Where the text begins, after a byte order mark.
std::uint32_t text_begin(const Dockerfile& file) {
  const auto& nodes = file.document().lines().tree.nodes;
  const auto mark = std::ranges::find(nodes, LineKind::byte_order_mark, [](const auto& node) { return node.kind; });
  return mark == nodes.end() ? 0 : mark->end;
}

// Where a comment can stand that is no directive and does not end them: parser directives are comments too, at the top.
std::uint32_t after_directives(const Dockerfile& file) {
  const auto source = file.source();
  auto end = text_begin(file);
  const auto& directives = file.document().lines().directives;
  const bool script = source.substr(end).starts_with("#!");
  if (!directives.empty()) end = directives.back().span.end;
  else if (!script) return end;
  const auto newline = source.find('\n', end);
  return static_cast<std::uint32_t>(newline == source.npos ? source.size() : newline + 1);
}

}  // namespace

std::string silencing_name(const Finding& finding) {
  const bool of_shellcheck = !finding.aliases.empty() && finding.aliases.front().starts_with("SC");
  return of_shellcheck ? finding.aliases.front() : std::string(finding.rule->id);
}

std::optional<TextEdit> silence_here(const Dockerfile& file, const Finding& finding) {
  const auto* instruction = instruction_at(file, finding.span.begin);
  if (instruction == nullptr || !can_be_silenced(finding)) return std::nullopt;
  const auto source = file.source();
  // Inside of a heredoc a comment would be part of what it says.
  const bool in_head = finding.span.begin < instruction->head_span().end;
  const auto place = in_head ? finding.span.begin : instruction->span.begin;
  const auto begin = std::max(line_begin(source, place), text_begin(file));
  const auto text = std::min(source.find_first_not_of(" \t", begin), source.size());
  auto comment = std::string(source.substr(begin, text - begin)) + "# dockhew ignore=" + silencing_name(finding);
  comment += file.document().newline();
  return TextEdit{{begin, begin}, std::move(comment)};
}

std::optional<TextEdit> silence_in_file(const Dockerfile& file, const Finding& finding) {
  if (!can_be_silenced(finding)) return std::nullopt;
  const auto newline = std::string(file.document().newline());
  const auto place = after_directives(file);
  const bool open_line = place > 0 && file.source()[place - 1] != '\n' && place == file.source().size();
  auto comment = "# dockhew global ignore=" + silencing_name(finding) + newline;
  if (open_line) comment.insert(0, newline);
  return TextEdit{{place, place}, std::move(comment)};
}

}  // namespace dockhew::inline lint
