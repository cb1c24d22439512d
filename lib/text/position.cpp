#include "text/position.hpp"

#include <algorithm>
#include <cstring>

#include "text/utf8.hpp"

namespace dockhew {

LineIndex::LineIndex(std::string_view source) : source_(source), begins_{0} {
  for (std::size_t at = source.find('\n'); at != source.npos; at = source.find('\n', at + 1))
    begins_.push_back(static_cast<std::uint32_t>(at + 1));
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
  Position result{number, 1};
  for (auto rest = source_.substr(begins_[number - 1], offset - begins_[number - 1]); !rest.empty();) {
    const auto rune = decode_rune(rest);
    result.column += rune.value >= 0x10000 ? 2 : 1;
    rest.remove_prefix(rune.size);
  }
  return result;
}

}  // namespace dockhew
