#include "text/diff.hpp"

#include <algorithm>
#include <cstdint>

#include "text/ci_log.hpp"

namespace dockhew::inline text {
namespace {

using Kind = DiffLine::Kind;
constexpr std::size_t context_lines = 3;

// What two texts have in common at both ends, in whole lines. The lines of a large file that stay as they are need not
// be looked at one by one.
struct Ends {
  std::size_t head = 0, tail = 0;  // bytes
};

Ends common_ends(std::string_view a, std::string_view b) {
  Ends ends;
  const auto differ = std::ranges::mismatch(a, b).in1 - a.begin();
  ends.head = a.substr(0, static_cast<std::size_t>(differ)).rfind('\n') + 1;
  const auto most = std::min(a.size(), b.size()) - ends.head;
  while (ends.tail < most && a[a.size() - 1 - ends.tail] == b[b.size() - 1 - ends.tail]) ++ends.tail;
  const auto begins_line = [&](std::string_view text) {
    const auto begin = text.size() - ends.tail;
    return begin == ends.head || text[begin - 1] == '\n';
  };
  if (begins_line(a) && begins_line(b)) return ends;
  const auto newline = a.find('\n', a.size() - ends.tail);
  ends.tail = newline == a.npos ? 0 : a.size() - newline - 1;
  return ends;
}

// Where the last lines of a text begin, and where the first ones end; each ends with a line feed.
std::size_t begin_of_last(std::string_view text, std::size_t lines) {
  auto begin = text.size();
  for (; begin > 0 && lines > 0; --lines) begin = begin == 1 ? 0 : text.rfind('\n', begin - 2) + 1;
  return begin;
}
std::size_t end_of_first(std::string_view text, std::size_t lines) {
  std::size_t end = 0;
  for (; end < text.size() && lines > 0; --lines) end = std::min(text.find('\n', end), text.size() - 1) + 1;
  return end;
}

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto newline = text.find('\n');
    const auto size = newline == text.npos ? text.size() : newline + 1;
    lines.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

// Longest common subsequence over the part that differs. Dockerfiles are short; if the table for the middle part would
// be too large, the diff says "everything changed", which is correct too.
std::vector<DiffLine> align(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b) {
  std::size_t head = 0;
  while (head < a.size() && head < b.size() && a[head] == b[head]) ++head;
  std::size_t tail = 0;
  while (tail < a.size() - head && tail < b.size() - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) ++tail;
  const std::size_t rows = a.size() - head - tail;
  const std::size_t columns = b.size() - head - tail;

  std::vector<DiffLine> lines;
  for (std::size_t i = 0; i < head; ++i) lines.push_back({Kind::context, a[i]});
  if (rows * columns > 16'000'000) {
    for (std::size_t i = 0; i < rows; ++i) lines.push_back({Kind::removed, a[head + i]});
    for (std::size_t j = 0; j < columns; ++j) lines.push_back({Kind::added, b[head + j]});
  } else {
    std::vector<std::uint32_t> length((rows + 1) * (columns + 1), 0);
    const auto at = [&](std::size_t i, std::size_t j) -> std::uint32_t& { return length[i * (columns + 1) + j]; };
    for (std::size_t i = rows; i-- > 0;)
      for (std::size_t j = columns; j-- > 0;)
        at(i, j) = a[head + i] == b[head + j] ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));
    std::size_t i = 0, j = 0;
    while (i < rows || j < columns) {
      if (i < rows && j < columns && a[head + i] == b[head + j]) {
        lines.push_back({Kind::context, a[head + i]});
        ++i, ++j;
      } else if (j == columns || (i < rows && at(i + 1, j) >= at(i, j + 1))) {
        lines.push_back({Kind::removed, a[head + i++]});
      } else {
        lines.push_back({Kind::added, b[head + j++]});
      }
    }
  }
  for (std::size_t i = a.size() - tail; i < a.size(); ++i) lines.push_back({Kind::context, a[i]});
  return lines;
}

}  // namespace

std::vector<DiffHunk> diff_lines(std::string_view before, std::string_view after) {
  if (before == after) return {};
  const auto ends = common_ends(before, after);
  const auto begin = begin_of_last(before.substr(0, ends.head), context_lines);
  const auto shown = end_of_first(before.substr(before.size() - ends.tail), context_lines);
  const auto part = [&](std::string_view text) { return text.substr(begin, text.size() - ends.tail + shown - begin); };
  const auto lines = align(split_lines(part(before)), split_lines(part(after)));
  std::vector<DiffHunk> hunks;
  const auto above =
      static_cast<std::size_t>(std::count(before.begin(), before.begin() + static_cast<std::ptrdiff_t>(begin), '\n'));
  std::size_t old_line = above + 1, new_line = above + 1, quiet = context_lines + 1;
  for (std::size_t k = 0; k < lines.size(); ++k) {
    const bool changed = lines[k].kind != Kind::context;
    if (changed && (hunks.empty() || quiet > 2 * context_lines)) {
      const std::size_t lead = std::min({k, context_lines, hunks.empty() ? k : quiet - context_lines});
      hunks.push_back({old_line - lead, 0, new_line - lead, 0, {}});
      for (std::size_t c = k - lead; c < k; ++c) hunks.back().lines.push_back(lines[c]);
    } else if (changed && quiet > context_lines) {
      for (std::size_t c = k - (quiet - context_lines); c < k; ++c) hunks.back().lines.push_back(lines[c]);
    }
    quiet = changed ? 0 : quiet + 1;
    if (!hunks.empty() && (changed || quiet <= context_lines)) hunks.back().lines.push_back(lines[k]);
    if (lines[k].kind != Kind::added) ++old_line;
    if (lines[k].kind != Kind::removed) ++new_line;
  }
  for (auto& hunk : hunks) {
    for (const auto& line : hunk.lines) {
      if (line.kind != Kind::added) ++hunk.old_count;
      if (line.kind != Kind::removed) ++hunk.new_count;
    }
    // In the unified format, an empty side refers to the line before it.
    if (hunk.old_count == 0) --hunk.old_line;
    if (hunk.new_count == 0) --hunk.new_line;
  }
  return hunks;
}

std::string format_diff(const std::vector<DiffHunk>& hunks, std::string_view name) {
  if (hunks.empty()) return {};
  std::string out;
  out.append("--- ").append(name).append("\n+++ ").append(name).append("\n");
  for (const auto& hunk : hunks) {
    const auto range = [](std::size_t line, std::size_t count) {
      return count == 1 ? std::to_string(line) : std::to_string(line) + ',' + std::to_string(count);
    };
    out += "@@ -" + range(hunk.old_line, hunk.old_count) + " +" + range(hunk.new_line, hunk.new_count) + " @@\n";
    const auto append = [&](char mark, std::string_view text) {
      out += mark;
      out += text;
      if (!text.ends_with('\n')) out += "\n\\ No newline at end of file\n";
    };
    for (const auto& line : hunk.lines) {
      if (line.kind != Kind::context) {
        append(line.kind == Kind::added ? '+' : '-', line.text);
      } else if (is_workflow_command(line.text)) {
        // After the blank of a context line it would be a command in the log of a CI service. So it is replaced by
        // itself, which `patch` takes as well.
        append('-', line.text);
        append('+', line.text);
      } else {
        append(' ', line.text);
      }
    }
  }
  return out;
}

}  // namespace dockhew::inline text
