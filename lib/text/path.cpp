#include "text/path.hpp"

#include <vector>

namespace dockhew {

std::string clean_path(std::string_view path) {
  const bool rooted = path.starts_with('/');
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const auto slash = path.find('/');
    const auto part = path.substr(0, slash);
    path.remove_prefix(slash == path.npos ? path.size() : slash + 1);
    if (part.empty() || part == ".") continue;
    if (part == ".." && !parts.empty() && parts.back() != "..") {
      parts.pop_back();
    } else if (part != ".." || !rooted) {
      parts.push_back(part);
    }
  }
  std::string result = rooted ? "/" : "";
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) result += '/';
    result += parts[i];
  }
  return result.empty() ? "." : result;
}

std::string resolve_path(std::string_view directory, std::string_view path) {
  if (path.starts_with('/')) return clean_path(path);
  return clean_path(std::string(directory) + '/' + std::string(path));
}

bool path_is_under(std::string_view path, std::string_view directory) {
  if (directory == "/") return path.starts_with('/');
  return path.starts_with(directory) && (path.size() == directory.size() || path[directory.size()] == '/');
}

std::string relative_path(std::string_view directory, std::string_view path) {
  std::string upward;
  while (!path_is_under(path, directory) && directory != "." && directory != "/") {
    directory = path_parent(directory);
    upward += "../";
  }
  if (path == directory) return upward.empty() ? "." : upward.substr(0, upward.size() - 1);
  if (directory != ".") path.remove_prefix(directory == "/" ? 1 : directory.size() + 1);
  return upward + std::string(path);
}

std::string_view path_basename(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  const auto slash = path.rfind('/');
  return slash == path.npos || path.size() == 1 ? path : path.substr(slash + 1);
}

std::string_view path_parent(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  const auto slash = path.rfind('/');
  if (slash == path.npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

namespace {

// One element of a glob: how the set of text positions that the pattern so far can reach moves on. Sets instead of
// backtracking keep the time at pattern × text, whatever the pattern.
using Positions = std::vector<char>;

Positions after_any_directories(const Positions& from, std::string_view text) {  // (.*/)?
  Positions to = from;
  bool reached = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    reached |= from[i] != 0;
    if (reached && text[i] == '/') to[i + 1] = 1;
  }
  return to;
}

Positions after_star(const Positions& from, std::string_view text, bool crosses_slashes) {
  Positions to(from.size(), 0);
  bool reached = false;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    reached |= from[i] != 0;
    to[i] = reached;
    if (i < text.size() && text[i] == '/' && !crosses_slashes) reached = false;
  }
  return to;
}

template <typename Accepts>
Positions after_one(const Positions& from, std::string_view text, const Accepts& accepts) {
  Positions to(from.size(), 0);
  for (std::size_t i = 0; i < text.size(); ++i) to[i + 1] = from[i] != 0 && accepts(text[i]);
  return to;
}

bool in_class(std::string_view set, char c) {
  const bool negated = set.starts_with('^') || set.starts_with('!');
  if (negated) set.remove_prefix(1);
  bool found = false;
  for (std::size_t i = 0; i < set.size(); ++i) {
    if (i + 2 < set.size() && set[i + 1] == '-') {
      found |= set[i] <= c && c <= set[i + 2];
      i += 2;
    } else {
      found |= set[i] == c;
    }
  }
  return found != negated;
}

}  // namespace

bool glob_match(std::string_view pattern, std::string_view text) {
  Positions reached(text.size() + 1, 0);
  reached[0] = 1;
  while (!pattern.empty()) {
    if (pattern.starts_with("**/")) {
      reached = after_any_directories(reached, text);
      pattern.remove_prefix(3);
    } else if (pattern.starts_with("**")) {
      reached = after_star(reached, text, true);
      pattern.remove_prefix(2);
    } else if (pattern[0] == '*') {
      reached = after_star(reached, text, false);
      pattern.remove_prefix(1);
    } else if (pattern[0] == '?') {
      reached = after_one(reached, text, [](char c) { return c != '/'; });
      pattern.remove_prefix(1);
    } else if (pattern[0] == '[') {
      const auto close = pattern.find(']', 2);
      if (close == pattern.npos) return false;
      const auto set = pattern.substr(1, close - 1);
      reached = after_one(reached, text, [&](char c) { return c != '/' && in_class(set, c); });
      pattern.remove_prefix(close + 1);
    } else {
      if (pattern[0] == '\\' && pattern.size() > 1) pattern.remove_prefix(1);
      reached = after_one(reached, text, [&](char c) { return c == pattern[0]; });
      pattern.remove_prefix(1);
    }
  }
  return reached.back() != 0;
}

}  // namespace dockhew
