#include "edits/run_edits.hpp"
#include "model/failure.hpp"

#include <algorithm>
#include <optional>

namespace dockhew::inline edits {
namespace {

// How the author breaks the lines of a chain: `&&` at the end of a line or at the beginning of the next, and how far it
// is indented.
struct ChainStyle {
  bool leading = false;
  std::string indent = "    ";
};

std::string blanks_before(std::string_view source, std::uint32_t position) {
  auto begin = position;
  while (begin > 0 && (source[begin - 1] == ' ' || source[begin - 1] == '\t')) --begin;
  return std::string(source.substr(begin, position - begin));
}

// The blanks at the beginning of the line.
std::string line_indent(std::string_view source, std::uint32_t position) {
  const auto newline = source.substr(0, position).rfind('\n');
  const auto begin = newline == source.npos ? 0 : newline + 1;
  return std::string(source.substr(begin, source.find_first_not_of(" \t", begin) - begin));
}

bool begins_line(std::string_view source, std::uint32_t position) {
  const auto blanks = blanks_before(source, position).size();
  return position > blanks && source[position - blanks - 1] == '\n';
}

// What is between an element and the next one, if that begins a line.
std::optional<ChainStyle> style_after(const Document& document, const Script& script, std::size_t i) {
  const auto source = document.source();
  const auto joint = script.to_source(script.chain[i].joint_span).begin;
  const auto next = script.to_source(script.chain[i + 1].span).begin;
  if (script.chain[i].joint == Joint::and_if && begins_line(source, joint))
    return ChainStyle{true, blanks_before(source, joint)};
  if (begins_line(source, next)) return ChainStyle{false, blanks_before(source, next)};
  return std::nullopt;
}

ChainStyle first_style(const Document& document, const Script& script) {
  for (std::size_t i = 0; i + 1 < script.chain.size(); ++i)
    if (auto style = style_after(document, script, i)) return *style;
  return {};
}

ChainStyle last_style(const Document& document, const Script& script) {
  for (auto i = script.chain.size() - 1; i-- > 0;)
    if (auto style = style_after(document, script, i)) return *style;
  return {};
}

std::string line_break(const Document& document, const std::string& indent) {
  return std::string(" ") + document.escape() + std::string(document.newline()) + indent;
}

// Whether there is a comment line between two elements.
bool has_comment(const Document& document, const Script& script, Span between) {
  const auto text = slice(document.source(), script.to_source(between));
  for (auto at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1)) {
    const auto first = text.find_first_not_of(" \t", at + 1);
    if (first != text.npos && text[first] == '#') return true;
  }
  return false;
}

// Whether elements are better removed together with what joins them to the previous one, because a comment or a line
// that begins with `&&` follows them.
bool ends_line(const Document& document, const Script& script, std::size_t first, std::size_t last) {
  const auto& chain = script.chain;
  if (first == 0 || chain[first - 1].joint != chain[last].joint) return false;
  if (has_comment(document, script, {chain[first - 1].span.end, chain[first].span.begin})) return false;
  return has_comment(document, script, {chain[last].span.end, chain[last + 1].span.begin}) ||
         begins_line(document.source(), script.to_source(chain[last].joint_span).begin);
}

}  // namespace

std::string comment_lines(std::string_view text) {
  std::string lines;
  for (auto at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1)) {
    const auto end = text.find('\n', at + 1);
    const auto first = text.find_first_not_of(" \t", at + 1);
    if (first != text.npos && text[first] == '#' && end != text.npos) lines += text.substr(at + 1, end - at);
  }
  return lines;
}

std::string continued_line(const Document& document) { return line_break(document, "    "); }

TextEdit add_flags(const Document& document, const Instruction& instruction, const std::vector<std::string>& flags) {
  const auto begin = instruction.arguments_text.to_source(std::uint32_t{0});
  const bool own_line = begins_line(document.source(), begin);
  const auto indent = own_line ? blanks_before(document.source(), begin) : "    ";
  // After other flags on the same line, the new ones begin a new line.
  std::string text;
  if (!own_line && !instruction.flags.empty()) text = line_break(document, indent).substr(1);
  for (const auto& flag : flags) text += flag + line_break(document, indent);
  return {{begin, begin}, text};
}

std::optional<std::vector<TextEdit>> remove_elements(const Document& document, const Script& script,
                                                     const std::vector<std::size_t>& elements) {
  const auto& chain = script.chain;
  if (script.opaque || elements.size() >= chain.size()) return std::nullopt;
  const auto is_joined_plainly = [&](Joint joint) { return joint != Joint::or_if && joint != Joint::background; };
  for (const auto i : elements)
    if (!is_joined_plainly(chain[i].joint) || (i > 0 && !is_joined_plainly(chain[i - 1].joint))) return std::nullopt;
  const auto is_removed = [&](std::size_t i) { return std::ranges::find(elements, i) != elements.end(); };
  std::vector<TextEdit> edits;
  for (std::size_t i = 0; i < chain.size(); ++i) {
    if (!is_removed(i)) continue;
    auto last = i;
    while (last + 1 < chain.size() && is_removed(last + 1)) ++last;
    // From the end of what stays before, or up to the beginning of what stays after.
    const bool at_end = last + 1 == chain.size();
    // `a && b; c` without b must not become `a; c`: a failure of `a` would then go unnoticed.
    if (!at_end && i > 0 && chain[i - 1].joint == Joint::and_if && chain[last].joint != Joint::and_if)
      return std::nullopt;
    // The end of what stays is before a backslash that directly follows it; the same place, seen as the beginning of
    // what is removed, would be on the next line.
    const bool backwards = at_end || ends_line(document, script, i, last);
    const auto begin = backwards ? script.to_source(chain[i - 1].span).end : script.to_source(chain[i].span).begin;
    const auto end = backwards ? script.to_source(chain[last].span).end : script.to_source(chain[last + 1].span).begin;
    edits.push_back({{begin, end}, ""});
    i = last;
  }
  return edits;
}

std::optional<TextEdit> keep_comments(const Document& document, const Instruction& instruction, const Script& script,
                                      const std::vector<std::size_t>& elements) {
  const auto& chain = script.chain;
  auto kept = chain.size();
  while (kept > 0 && std::ranges::find(elements, kept - 1) != elements.end()) --kept;
  if (script.from_heredoc || kept == 0 || kept == chain.size()) return std::nullopt;
  const Span removed{script.to_source(chain[kept - 1].span).end, script.to_source(chain.back().span).end};
  auto lines = comment_lines(slice(document.source(), removed));
  const bool last_line = !slice(document.source(), own_lines(document, instruction)).ends_with('\n');
  if (lines.empty() || last_line) return std::nullopt;
  return insert_lines_after(document, instruction, std::move(lines));
}

TextEdit remove_word(const Script& script, const ShellWord& word) {
  auto begin = word.span.begin;
  const auto text = script.text.view();
  while (begin > 0 && (text[begin - 1] == ' ' || text[begin - 1] == '\t')) --begin;
  return {script.to_source(Span{begin, word.span.end}), ""};
}

bool can_be_framed(const Script& script) {
  if (script.opaque || script.chain.empty()) return false;
  bool in_first_list = true;
  const bool after_set = sets_option(script, script.chain[0]);
  for (std::size_t i = 0; i < script.chain.size(); ++i) {
    const auto joint = script.chain[i].joint;
    if (joint == Joint::background || (joint == Joint::or_if && in_first_list)) return false;
    const bool ends_list = joint == Joint::semicolon || joint == Joint::newline;
    if (ends_list && !(i == 0 && after_set)) in_first_list = false;
  }
  return true;
}

TextEdit prepend_command(const Document& document, const Script& script, const std::string& command) {
  const bool after_set = script.chain.size() > 1 && sets_option(script, script.chain[0]);
  const auto at = script.to_source(script.chain[after_set ? 1 : 0].span).begin;
  if (script.from_heredoc)
    return {{at, at}, command + std::string(document.newline()) + line_indent(document.source(), at)};
  const auto style = first_style(document, script);
  if (after_set && script.chain[0].joint == Joint::semicolon)
    return {{at, at}, command + ";" + line_break(document, style.indent)};
  if (style.leading) return {{at, at}, command + line_break(document, style.indent) + "&& "};
  if (script.chain[0].joint == Joint::semicolon) return {{at, at}, command + "; "};
  return {{at, at}, command + " &&" + line_break(document, style.indent)};
}

TextEdit append_command(const Document& document, const Script& script, const std::string& command) {
  const auto at = script.to_source(script.chain.back().span).end;
  // Without -e, a command after a semicolon or on a separate line would hide that the previous one failed.
  const bool stops = stops_on_failure(script, script.chain[0]);
  if (script.from_heredoc) {
    const auto indent = line_indent(document.source(), script.to_source(script.chain.back().span).begin);
    return {{at, at}, (stops ? "" : " &&") + std::string(document.newline()) + indent + command};
  }
  const auto style = last_style(document, script);
  if (script.chain.size() > 1 && stops && script.chain[0].joint == Joint::semicolon)
    return {{at, at}, ";" + line_break(document, style.indent) + command};
  if (style.leading) return {{at, at}, line_break(document, style.indent) + "&& " + command};
  return {{at, at}, " &&" + line_break(document, style.indent) + command};
}

Span own_lines(const Document& document, const Instruction& instruction) {
  const auto source = document.source();
  auto begin = instruction.span.begin;
  while (begin > 0 && source[begin - 1] != '\n') --begin;
  constexpr std::string_view mark = "\xef\xbb\xbf";  // a byte order mark belongs to the file
  if (begin == 0 && source.starts_with(mark)) begin += mark.size();
  const auto newline = source.find('\n', instruction.span.end);
  return {begin, static_cast<std::uint32_t>(newline == source.npos ? source.size() : newline + 1)};
}

Span instruction_lines(const Document& document, const Instruction& instruction) {
  const auto source = document.source();
  auto span = own_lines(document, instruction);
  for (auto begin = span.begin; begin > 0;) {
    auto line = begin - 1;
    while (line > 0 && source[line - 1] != '\n') --line;
    const auto text = source.substr(line, begin - line);
    const auto first = text.find_first_not_of(" \t");
    if (first == text.npos || text[first] != '#') break;
    // Directives belong to the file, not to the instruction below them.
    const auto& directives = document.lines().directives;
    if (std::ranges::any_of(directives,
                            [&](const Directive& d) { return d.span.begin >= line && d.span.begin < begin; }))
      break;
    span.begin = begin = static_cast<std::uint32_t>(line);
  }
  return span;
}

Span lines_to_vacate(const Document& document, Span gap, Span lines) {
  const std::string newline(document.newline());
  const bool blank_before = gap.begin > 1 && document.source().substr(0, gap.begin).ends_with(newline + newline);
  if (blank_before && document.source().substr(lines.end).starts_with(newline))
    lines.end += static_cast<std::uint32_t>(newline.size());
  return lines;
}

TextEdit remove_lines(const Document& document, Span lines) { return {lines_to_vacate(document, lines, lines), ""}; }

std::optional<TextEdit> remove_instruction(const Document& document, const Instruction& instruction) {
  const auto& nodes = document.lines().tree.nodes;
  const auto span = nodes[instruction.node].span();
  for (auto i = instruction.node + 1; i < nodes[instruction.node].next; ++i)
    if (nodes[i].kind == LineKind::comment) return std::nullopt;
  const bool begins_line = span.begin == 0 || document.source()[span.begin - 1] == '\n';
  return begins_line ? std::optional(remove_lines(document, span)) : std::nullopt;
}

TextEdit insert_lines_after(const Document& document, const Instruction& instruction, std::string lines) {
  const auto own = own_lines(document, instruction);
  const auto newline = document.newline();
  if (!slice(document.source(), own).ends_with('\n'))
    lines = std::string(newline) + lines.substr(0, lines.size() - newline.size());
  return {{own.end, own.end}, std::move(lines)};
}

}  // namespace dockhew::inline edits
