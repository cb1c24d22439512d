// Logical text is what an instruction says once the line continuations and the comments between them are gone, with a
// map back to the source. It is the boundary between the line grammar and every grammar above it: those see clean text,
// and their spans are converted to source spans, so no later layer knows that continuations exist.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "text/span.hpp"

namespace dockhew::inline syntax {

class LogicalText {
 public:
  LogicalText() = default;
  // One uninterrupted stretch of the source.
  LogicalText(std::string_view text, std::uint32_t source_begin) : text_(text), pieces_{{0, source_begin}} {}

  struct Piece {
    std::uint32_t logical;  // offset in the logical text where this piece begins
    std::uint32_t source;   // offset in the source
  };
  // `text` must outlive this object; `pieces` are in order and the first begins at 0.
  LogicalText(std::string_view text, std::vector<Piece> pieces) : text_(text), pieces_(std::move(pieces)) {}

  std::string_view view() const { return text_; }
  std::string_view view(Span logical) const { return slice(text_, logical); }

  // Where a logical byte is in the source.
  std::uint32_t to_source(std::uint32_t logical) const;
  // A range ends just after its last byte, not where the next piece begins; it covers any continuation inside it.
  Span to_source(Span logical) const;
  // The part [begin, end) as a separate logical text.
  LogicalText part(Span logical) const;

 private:
  std::string_view text_;
  std::vector<Piece> pieces_;
};

}  // namespace dockhew::inline syntax
