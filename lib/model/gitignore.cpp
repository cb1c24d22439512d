#include "model/gitignore.hpp"

#include <algorithm>

#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline model {
namespace {

constexpr std::size_t most_lines = 1000;  // each is compared with each path

// Without blanks at its end; one behind a backslash belongs to it, and pairs of backslashes stand for themselves.
std::string_view without_blanks(std::string_view line) {
  auto end = line.size();
  while (end > 0 && line[end - 1] == ' ') --end;
  std::size_t slashes = 0;
  while (slashes < end && line[end - 1 - slashes] == '\\') ++slashes;
  return line.substr(0, end + slashes % 2);
}

// Calls `visit` with each line that is a pattern.
template <typename Visit>
void for_each_pattern(std::string_view text, const Visit& visit) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  for (auto line : split_lines(text)) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    line = without_blanks(line);
    if (!line.empty() && line.front() != '#') visit(line);
  }
}

constexpr std::string_view special = "*?[\\";

// The name of a directory as a pattern that only it matches.
std::string escaped(std::string_view name) {
  std::string pattern;
  for (const char c : name) {
    if (special.find(c) != special.npos) pattern += '\\';
    pattern += c;
  }
  return pattern;
}

// Stars that are not a part of the path of their own match within one, however many there are. Git compares what comes
// before the first character with a meaning by itself (match_pathname in dir.c), so that stars there begin a pattern.
std::string with_git_stars(std::string_view written) {
  std::string pattern;
  for (std::size_t i = 0; i < written.size();) {
    if (written[i] == '\\' && i + 1 < written.size()) {
      pattern.append(written, i, 2);
      i += 2;
      continue;
    }
    const auto end = std::min(written.find_first_not_of('*', i), written.size());
    if (end == i) {
      pattern += written[i++];
      continue;
    }
    const bool begins = i == written.find_first_of(special) || written[i - 1] == '/';
    const bool whole = begins && (end == written.size() || written[end] == '/');
    pattern += whole && end - i > 1 ? "**" : "*";
    i = end;
  }
  return pattern;
}

// Whether a pattern only matches from the directory of its file on.
bool is_anchored(std::string_view pattern) {
  if (pattern.ends_with('/')) pattern.remove_suffix(1);
  return pattern.find('/') != pattern.npos;
}

}  // namespace

void GitIgnore::add(std::string_view text, std::string_view directory) {
  const auto prefix = directory == "." ? std::string() : escaped(directory) + '/';
  for_each_pattern(text, [&](std::string_view written) {
    if (lines_.size() >= most_lines) return;
    Line line;
    if (written.starts_with('!')) {
      line.keep = true;
      written.remove_prefix(1);
    }
    const bool anchored = is_anchored(written);
    if (written.ends_with('/')) {
      line.directories = true;
      written.remove_suffix(1);
    }
    if (written.starts_with('/')) written.remove_prefix(1);
    if (written.empty()) return;
    line.pattern = prefix + (anchored ? "" : "**/") + with_git_stars(written);
    lines_.push_back(std::move(line));
  });
}

std::optional<bool> GitIgnore::says_of(std::string_view path, bool is_directory) const {
  const auto last = std::find_if(lines_.rbegin(), lines_.rend(), [&](const Line& line) {
    return (is_directory || !line.directories) && glob_match(line.pattern, path);
  });
  return last == lines_.rend() ? std::nullopt : std::optional(!last->keep);
}

bool GitIgnore::ignores(std::string_view path, bool is_directory) const {
  for (auto slash = path.find('/'); slash != path.npos; slash = path.find('/', slash + 1))
    if (says_of(path.substr(0, slash), true) == true) return true;
  return says_of(path, is_directory) == true;
}

bool GitIgnore::ignores_all_of(std::string_view directory) const {
  const auto name = path_basename(directory);
  const bool kept = std::ranges::any_of(
      lines_, [&](const Line& line) { return line.keep && line.pattern.find(name) != std::string::npos; });
  return !kept && (ignores(directory, true) || ignores(std::string(directory) + "/any", true));
}

std::string gitignore_lines_below(std::string_view text, std::string_view below) {
  std::string lines;
  for_each_pattern(text, [&](std::string_view written) {
    const std::string mark = written.starts_with('!') ? "!" : "";
    auto pattern = written.substr(mark.size());
    if (is_anchored(pattern) && !pattern.starts_with("**/")) {
      if (pattern.starts_with('/')) pattern.remove_prefix(1);
      if (!pattern.starts_with(below) || pattern.substr(below.size(), 1) != "/") return;
      lines.append(mark).append(pattern.substr(below.size())).append("\n");
      return;
    }
    lines.append(written).append("\n");
  });
  return lines;
}

}  // namespace dockhew::inline model
