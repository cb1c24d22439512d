// Converts byte offsets into the lines and columns that people and editors use. Built once per file, and only if there
// is something to show, so that a clean file costs nothing.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "text/span.hpp"

namespace dockhew::inline text {

// Both count from 1. The column counts UTF-16 code units, as in SARIF and the Language Server Protocol; an invalid byte
// counts as one unit.
struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  friend bool operator==(Position, Position) = default;
};

class LineIndex {
 public:
  // Keeps a view of the source, which must outlive the index. Lines end at '\n' only, as in BuildKit.
  explicit LineIndex(std::string_view source);

  Position position(std::uint32_t offset) const;
  std::uint32_t line(std::uint32_t offset) const;        // from 1
  std::uint32_t line_begin(std::uint32_t line) const;    // byte offset of the first byte of a line
  std::string_view line_text(std::uint32_t line) const;  // without its line ending
  std::uint32_t line_count() const { return static_cast<std::uint32_t>(begins_.size()); }

 private:
  // Columns of places in long lines, where a line is not to be counted from its start for each of many places in it.
  struct Column {
    std::uint32_t offset;
    std::uint32_t column;
  };

  std::string_view source_;
  std::vector<std::uint32_t> begins_;
  std::vector<Column> columns_;
};

}  // namespace dockhew::inline text
