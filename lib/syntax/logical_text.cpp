#include "syntax/logical_text.hpp"

#include <algorithm>

namespace dockhew::inline syntax {

std::uint32_t LogicalText::to_source(std::uint32_t logical) const {
  if (pieces_.empty()) return 0;
  const auto after = std::ranges::upper_bound(pieces_, logical, {}, &Piece::logical);
  const auto& piece = after == pieces_.begin() ? *after : *(after - 1);
  return piece.source + (logical - piece.logical);
}

Span LogicalText::to_source(Span logical) const {
  const auto begin = to_source(logical.begin);
  if (logical.empty()) {
    // A point after the last byte of a piece belongs to that piece, not to the start of the next line.
    if (logical.begin == 0) return {begin, begin};
    const auto end = to_source(logical.begin - 1) + 1;
    return logical.begin == text_.size() ? Span{end, end} : Span{begin, begin};
  }
  return {begin, to_source(logical.end - 1) + 1};
}

LogicalText LogicalText::part(Span logical) const {
  std::vector<Piece> pieces;
  pieces.push_back({0, to_source(logical.begin)});
  for (const auto& piece : pieces_)
    if (logical.begin < piece.logical && piece.logical < logical.end)
      pieces.push_back({piece.logical - logical.begin, piece.source});
  return {view(logical), std::move(pieces)};
}

}  // namespace dockhew::inline syntax
