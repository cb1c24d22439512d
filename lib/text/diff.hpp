// Unified diffs, so that people can review an optimized Dockerfile like any other change, and apply it with `patch`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dockhew::inline text {

struct DiffLine {
  enum class Kind { context, removed, added };
  Kind kind;
  std::string_view text;  // with its line ending, if it has one
};

struct DiffHunk {
  std::size_t old_line = 0, old_count = 0;  // lines from 1
  std::size_t new_line = 0, new_count = 0;
  std::vector<DiffLine> lines;
};

// Hunks with three lines of context; empty when the texts are equal. Views point into the arguments.
std::vector<DiffHunk> diff_lines(std::string_view before, std::string_view after);

// The hunks as text that `patch` reads, with "--- name" and "+++ name" lines; empty when there are none.
std::string format_diff(const std::vector<DiffHunk>& hunks, std::string_view name);

}  // namespace dockhew::inline text
