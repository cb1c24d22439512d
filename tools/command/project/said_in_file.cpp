#include "project/said_in_file.hpp"

#include <algorithm>

#include "text/limits.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"
#include "yaml_reader.hpp"

namespace dockhew::cli {
namespace {

constexpr std::size_t most_values = 200;

// Removes anchors, tags and one quote that precede a scalar; returns the quote.
char skip_properties(std::string_view& text) {
  const auto trim = [&] {
    while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  };
  for (trim(); text.starts_with('&') || text.starts_with('!'); trim())
    text.remove_prefix(std::min(text.find_first_of(" \t"), text.size()));
  if (!text.starts_with('"') && !text.starts_with('\'')) return 0;
  const char quote = text.front();
  text.remove_prefix(1);
  return quote;
}

// Where the scalar that begins in a line at a column is written there as it is, and ends there.
std::optional<Span> scalar_in_line(const LineIndex& lines, std::uint32_t line, std::size_t column,
                                   std::string_view scalar) {
  const auto all = lines.line_text(line);
  auto rest = all.substr(std::min(column, all.size()));
  const char quote = skip_properties(rest);
  if (!rest.starts_with(scalar)) return std::nullopt;
  const auto at = lines.line_begin(line) + static_cast<std::uint32_t>(all.size() - rest.size());
  rest.remove_prefix(scalar.size());
  const auto blanks = std::min(rest.find_first_not_of(" \t\r"), rest.size());
  const auto behind = rest.substr(blanks);
  const bool ends = quote != 0
                        ? rest.starts_with(quote)
                        : behind.empty() || behind.find_first_of(",]}") == 0 || (blanks > 0 && behind.starts_with('#'));
  if (!ends) return std::nullopt;
  return Span{at, at + static_cast<std::uint32_t>(scalar.size())};
}

// The same of a line of a block of lines, whose mark `|` or `>` stands there.
std::optional<Span> row_of_block(const LineIndex& lines, std::uint32_t line, std::size_t column, std::size_t row,
                                 std::string_view text) {
  const auto head = lines.line_text(line);
  auto mark = head.substr(std::min(column, head.size()));
  skip_properties(mark);
  if ((!mark.starts_with('|') && !mark.starts_with('>')) || row >= lines.line_count() - line) return std::nullopt;
  const auto own = line + 1 + static_cast<std::uint32_t>(row);
  const auto here = lines.line_text(own);
  if (trim_unicode(here) != text) return std::nullopt;
  const auto at = lines.line_begin(own) + static_cast<std::uint32_t>(here.find(text));
  return Span{at, at + static_cast<std::uint32_t>(text.size())};
}

}  // namespace

std::vector<SaidInFile> said_in(const YAML::Node& node, Variables variables) {
  std::vector<SaidInFile> all;
  const auto add = [&](const YAML::Node& at, std::string_view text, std::optional<std::size_t> row = {}) {
    text = trim_unicode(text);
    const bool refused = variables == Variables::refused && text.find('$') != text.npos;
    if (text.empty() || text.size() > limits::longest_name || refused || all.size() == most_values) return;
    const auto mark = at.Mark();
    YamlBudget::keep(text.size());
    all.push_back({std::string(text), static_cast<std::size_t>(std::max(mark.line, 0)),
                   static_cast<std::size_t>(std::max(mark.column, 0)), row});
  };
  if (!node) return all;
  if (node.IsMap())
    for (const auto& entry : node)
      if (entry.first.IsScalar()) add(entry.first, entry.first.Scalar());
  if (node.IsSequence())
    for (const auto& entry : node)
      if (entry.IsScalar()) add(entry, entry.Scalar());
  std::size_t row = 0;
  if (node.IsScalar())
    for (const auto line : split_lines(node.Scalar())) add(node, line, row++);
  return all;
}

std::vector<SaidInFile> names_said_in(const YAML::Node& node) {
  auto all = said_in(node, Variables::allowed);
  for (auto& said : all) {
    if (said.text.starts_with('"')) said.text.erase(0, 1);  // actions read lines as CSV: `"NAME=value"`
    said.text = said.text.substr(0, said.text.find('='));
    while (said.text.ends_with(' ')) said.text.pop_back();
  }
  std::erase_if(all, [](const SaidInFile& said) {
    return said.text.empty() || said.text == "<<" || said.text.find_first_of("$ #") != std::string::npos;
  });
  return all;
}

SaidValue place_in(const LineIndex& lines, std::string_view text, const SaidInFile& said, Match match) {
  constexpr std::size_t farthest = std::size_t{16} << 10U;  // of a value from where its block begins
  const auto line = std::min(static_cast<std::uint32_t>(said.line) + 1, lines.line_count());
  const auto begin = std::min<std::size_t>(lines.line_begin(line) + said.column, text.size());
  if (match == Match::text) {
    if (const auto span = scalar_in_line(lines, line, said.column, said.text)) return {said.text, *span, true};
    if (const auto span = said.row ? row_of_block(lines, line, said.column, *said.row, said.text) : std::nullopt)
      return {said.text, *span, true};
  }
  const auto near = text.substr(0, std::min(text.size(), begin + farthest));
  const auto found = match == Match::whole_name ? find_name(near, said.text, "_", begin) : near.find(said.text, begin);
  const auto at = found == near.npos ? begin : found;
  const auto end = found == near.npos ? std::min(text.find('\n', begin), text.size()) : found + said.text.size();
  return {said.text, {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end)}, false};
}

std::optional<SaidBlock> block_said_in(const YAML::Node& map, const std::string& key) {
  if (!map || !map.IsMap()) return std::nullopt;
  YamlBudget::look_at(map.size());
  for (const auto& entry : map) {
    if (!entry.first.IsScalar() || entry.first.Scalar() != key) continue;
    const auto& value = entry.second;
    const auto at = entry.first.Mark(), first = value.Mark();
    SaidBlock block;
    block.key = key;
    block.line = static_cast<std::size_t>(at.line);
    block.column = static_cast<std::size_t>(at.column);
    block.value_line = block.last_line = static_cast<std::size_t>(std::max(first.line, 0));
    block.value_column = static_cast<std::size_t>(std::max(first.column, 0));
    block.is_map = value.IsMap();
    // Behind an alias the value stands elsewhere, and between braces its entries are not in one column.
    // What has a tag of its own may be no build at all: Compose's `!reset`.
    const auto& tag = value.Tag();
    block.has_room =
        (value.IsScalar() || value.IsMap()) && first.pos > at.pos && (tag.empty() || tag == "?" || tag == "!");
    if (value.IsMap())
      for (const auto& own : value) {
        const auto mark = own.first.Mark();
        block.last_line = std::max(block.last_line, static_cast<std::size_t>(std::max(mark.line, 0)));
        block.has_room &= mark.column == first.column;
      }
    return block;
  }
  return std::nullopt;
}

std::optional<NewEntries> room_in(const LineIndex& lines, std::string_view text, const std::string& newline,
                                  const SaidBlock& block) {
  if (!block.has_room) return std::nullopt;
  const auto line_text = [&](std::size_t line) { return lines.line_text(static_cast<std::uint32_t>(line) + 1); };
  const auto key_line = line_text(block.line);
  const auto after_key = block.column + block.key.size();
  if (after_key >= key_line.size() || key_line[after_key] != ':') return std::nullopt;
  const auto end_of = [&](std::size_t line) {  // behind its line ending
    const auto begin = lines.line_begin(static_cast<std::uint32_t>(line) + 1);
    return static_cast<std::uint32_t>(std::min(text.find('\n', begin), text.size() - 1) + 1);
  };
  if (!block.is_map) {
    // `build: .`, and nothing else in that line.
    if (block.value_line != block.line || block.value_column <= after_key + 1) return std::nullopt;
    const auto scalar = trim_unicode(key_line.substr(block.value_column));
    if (scalar.empty() || scalar.find_first_of("#&*|>") != scalar.npos) return std::nullopt;
    const auto begin = lines.line_begin(static_cast<std::uint32_t>(block.line) + 1);
    const std::string indentation(block.column + 2, ' ');
    return NewEntries{{static_cast<std::uint32_t>(begin + after_key + 1), end_of(block.line)},
                      newline + indentation + "context: " + std::string(scalar) + newline,
                      indentation};
  }
  const auto rest = trim_unicode(key_line.substr(after_key + 1));
  const auto is_content = [&](std::string_view line) {
    const auto trimmed = trim_unicode(line);
    return !trimmed.empty() && !trimmed.starts_with('#');
  };
  if ((!rest.empty() && !rest.starts_with('#')) || block.value_column <= block.column) return std::nullopt;
  for (auto line = block.line + 1; line < block.value_line; ++line)
    if (is_content(line_text(line))) return std::nullopt;
  const auto indentation_of = [](std::string_view line) { return std::min(line.find_first_not_of(' '), line.size()); };
  if (indentation_of(line_text(block.value_line)) != block.value_column) return std::nullopt;
  auto last = block.last_line;
  for (auto line = last + 1; line < lines.line_count(); ++line) {
    const auto here = line_text(line);
    const auto indentation = indentation_of(here);
    if (trim_unicode(here).empty()) continue;
    const bool item = indentation == block.value_column && here.substr(indentation).starts_with('-');
    if (indentation > block.value_column || item) last = line;
    else if (is_content(here)) break;
  }
  const auto at = end_of(last);
  const bool ended = text[at - 1] == '\n';
  // A block of lines that ends the file without a newline would get one.
  for (auto line = block.last_line; !ended && line < last; ++line)
    if (line_text(line).find_first_of("|>") != std::string_view::npos) return std::nullopt;
  return NewEntries{{at, at}, ended ? "" : newline, std::string(block.value_column, ' ')};
}

}  // namespace dockhew::cli
