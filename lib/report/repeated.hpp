// Findings that say the same of several places. People read a sentence once, so reports for them show it once, with all
// of its places; reports for programs keep every finding where it is, unless it is about a whole stage.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "lint/finding.hpp"
#include "model/dockerfile.hpp"
#include "text/position.hpp"

namespace dockhew::inline report {

// The fix to show of a finding: the first that can be made, else the first, which says why there is none; null where
// there are none at all.
const Fix* shown_fix(const Finding& finding);

struct RepeatedFinding {
  const Finding* first = nullptr;
  std::vector<const Finding*> others;  // that say the same, with the same fix, in order
};

// By their first places. They refer to `findings`.
std::vector<RepeatedFinding> group_repeated(std::span<const Finding> findings);

// Makes one finding of those that say the same, where their rule is about a stage or a file and not about a place.
void join_repeated(const Dockerfile& file, std::vector<Finding>& findings);

// "also in lines 3 and 7": the other lines of a finding, and of those that say the same; empty where there are none.
std::string also_in(const LineIndex& lines, const Finding& finding, std::span<const Finding* const> others);
// The message with them, for formats that have no other place for them.
std::string with_places(const LineIndex& lines, const Finding& finding, std::span<const Finding* const> others = {});

// A text, and the lines of which it is said.
struct SaidOfLines {
  std::string text;
  std::vector<std::uint32_t> lines;
};

// Collects such texts: one that has been said before gets a line more.
class LinesByText {
 public:
  void add(std::string text, std::uint32_t line);
  std::vector<SaidOfLines> sorted() const;  // by their first lines

 private:
  std::vector<SaidOfLines> said_;
  std::map<std::string, std::size_t, std::less<>> known_;
};

// "line 3", "lines 3 and 7", "lines 3, 7 and 12"; each line once, and of very many the first 20.
std::string line_list(std::vector<std::uint32_t> lines);

}  // namespace dockhew::inline report
