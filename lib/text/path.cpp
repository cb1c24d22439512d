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

bool glob_match(std::string_view pattern, std::string_view text) {
  while (!pattern.empty()) {
    if (pattern.starts_with("**")) {
      pattern.remove_prefix(2);
      if (pattern.starts_with('/') && glob_match(pattern.substr(1), text)) return true;
      for (std::size_t i = 0; i <= text.size(); ++i)
        if (glob_match(pattern, text.substr(i))) return true;
      return false;
    }
    if (pattern[0] == '*') {
      pattern.remove_prefix(1);
      for (std::size_t i = 0; i <= text.size(); ++i) {
        if (glob_match(pattern, text.substr(i))) return true;
        if (i < text.size() && text[i] == '/') return false;
      }
      return false;
    }
    if (text.empty()) return false;
    if (pattern[0] == '[') {
      const auto close = pattern.find(']', 2);
      if (close == pattern.npos) return false;
      auto set = pattern.substr(1, close - 1);
      const bool negated = set.starts_with('^') || set.starts_with('!');
      if (negated) set.remove_prefix(1);
      bool found = false;
      for (std::size_t i = 0; i < set.size(); ++i) {
        if (i + 2 < set.size() && set[i + 1] == '-') {
          found |= set[i] <= text[0] && text[0] <= set[i + 2];
          i += 2;
        } else {
          found |= set[i] == text[0];
        }
      }
      if (found == negated || text[0] == '/') return false;
      pattern.remove_prefix(close + 1);
    } else if (pattern[0] == '?') {
      if (text[0] == '/') return false;
      pattern.remove_prefix(1);
    } else {
      if (pattern[0] == '\\' && pattern.size() > 1) pattern.remove_prefix(1);
      if (pattern[0] != text[0]) return false;
      pattern.remove_prefix(1);
    }
    text.remove_prefix(1);
  }
  return text.empty();
}

}  // namespace dockhew
