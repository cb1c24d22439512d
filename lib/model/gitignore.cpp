#include "model/gitignore.hpp"

#include <algorithm>

#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline model {
namespace {

constexpr std::size_t most_lines = 1000;  // each is compared with each path

// Calls `visit` with each line that is a pattern, without blanks at its end.
template <typename Visit>
void for_each_pattern(std::string_view text, const Visit& visit) {
  for (auto line : split_lines(text)) {
    while (line.ends_with('\r') || line.ends_with(' ')) line.remove_suffix(1);
    if (!line.empty() && line.front() != '#') visit(line);
  }
}

// Whether a pattern only matches from the directory of its file on.
bool is_anchored(std::string_view pattern) {
  if (pattern.ends_with('/')) pattern.remove_suffix(1);
  return pattern.find('/') != pattern.npos;
}

}  // namespace

void GitIgnore::add(std::string_view text, std::string_view directory) {
  const auto prefix = directory == "." ? std::string() : std::string(directory) + '/';
  for_each_pattern(text, [&](std::string_view written) {
    if (lines_.size() >= most_lines) return;
    Line line;
    if (written.starts_with('!')) {
      line.keep = true;
      written.remove_prefix(1);
    }
    if (written.starts_with('\\')) written.remove_prefix(1);
    const bool anchored = is_anchored(written);
    if (written.ends_with('/')) {
      line.directories = true;
      written.remove_suffix(1);
    }
    if (written.starts_with('/')) written.remove_prefix(1);
    if (written.empty()) return;
    line.pattern = prefix + (anchored ? "" : "**/") + std::string(written);
    lines_.push_back(std::move(line));
  });
}

bool GitIgnore::decides(std::string_view path, bool is_directory) const {
  const auto last = std::find_if(lines_.rbegin(), lines_.rend(), [&](const Line& line) {
    return (is_directory || !line.directories) && glob_match(line.pattern, path);
  });
  return last != lines_.rend() && !last->keep;
}

bool GitIgnore::ignores(std::string_view path, bool is_directory) const {
  for (auto slash = path.find('/'); slash != path.npos; slash = path.find('/', slash + 1))
    if (decides(path.substr(0, slash), true)) return true;
  return decides(path, is_directory);
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
