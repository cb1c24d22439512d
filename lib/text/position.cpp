#include "text/position.hpp"

#include <algorithm>
#include <cstring>

#include "text/utf8.hpp"

namespace dockhew::inline text {

namespace {

constexpr std::uint32_t long_stretch = 256;  // bytes of a line after which its column is noted

// Goes on from `column` over the text.
std::uint32_t column_after(std::string_view text, std::uint32_t column) {
  while (!text.empty()) {
    const auto rune = decode_rune(text);
    column += rune.value >= 0x10000 ? 2 : 1;
    text.remove_prefix(rune.size);
  }
  return column;
}

}  // namespace

LineIndex::LineIndex(std::string_view source) : source_(source), begins_{0} {
  for (std::size_t at = source.find('\n'); at != source.npos; at = source.find('\n', at + 1))
    begins_.push_back(static_cast<std::uint32_t>(at + 1));
  for (std::uint32_t number = 1; number <= begins_.size(); ++number) {
    const auto text = line_text(number);
    Column at{0, 1};
    while (text.size() - at.offset > long_stretch) {
      const auto next = at.offset + long_stretch;
      while (at.offset < next) {  // ends after a character and not in one
        const auto rune = decode_rune(text.substr(at.offset));
        at.column += rune.value >= 0x10000 ? 2 : 1;
        at.offset += static_cast<std::uint32_t>(rune.size);
      }
      columns_.push_back({begins_[number - 1] + at.offset, at.column});
    }
  }
}

std::uint32_t LineIndex::line(std::uint32_t offset) const {
  const auto after = std::ranges::upper_bound(begins_, offset);
  return static_cast<std::uint32_t>(after - begins_.begin());
}

std::uint32_t LineIndex::line_begin(std::uint32_t line) const { return begins_[line - 1]; }

std::string_view LineIndex::line_text(std::uint32_t line) const {
  const auto begin = begins_[line - 1];
  const auto end = line < begins_.size() ? begins_[line] - 1 : source_.size();
  auto text = source_.substr(begin, end - begin);
  while (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

Position LineIndex::position(std::uint32_t offset) const {
  const auto number = line(offset);
  Column from{begins_[number - 1], 1};
  const auto after = std::ranges::upper_bound(columns_, offset, {}, &Column::offset);
  if (after != columns_.begin() && std::prev(after)->offset > from.offset) from = *std::prev(after);
  return {number, column_after(source_.substr(from.offset, offset - from.offset), from.column)};
}

}  // namespace dockhew::inline text
