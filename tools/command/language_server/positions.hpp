// Places as the protocol has them: a line and a character, both from 0, where a character is a unit of the encoding
// that client and server agreed on. It differs from text/position.hpp, which is for people and reports, in what ends a
// line: an editor sees one at a carriage return, too.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "text/json.hpp"
#include "text/span.hpp"

namespace dockhew::cli {

enum class Encoding : std::uint8_t { utf8, utf16, utf32 };

std::string_view to_string(Encoding encoding);

class Positions {
 public:
  // Keeps a view of the text.
  Positions(std::string_view text, Encoding encoding);

  Json position(std::uint32_t offset) const;
  Json range(Span span) const;
  // Of a position or a range; what is outside of the text or of a line means its end.
  std::uint32_t offset(const Json* position) const;
  Span span(const Json* range) const;

  std::uint32_t line(std::uint32_t offset) const;  // from 0
  std::uint32_t line_begin(std::uint32_t line) const { return begins_[line]; }
  // Without its ending.
  Span line_span(std::uint32_t line) const;

 private:
  std::uint32_t units(std::uint32_t begin, std::uint32_t end) const;

  std::string_view text_;
  Encoding encoding_;
  std::vector<std::uint32_t> begins_;  // of lines
};

}  // namespace dockhew::cli
