#include "text/path.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <optional>
#include <vector>

#include "text/bytes.hpp"

namespace dockhew::inline text {

namespace {

// "//", "/." or "/..".
bool has_needless_parts(std::string_view path) {
  std::size_t i = 0;
  const auto eight = [&](std::size_t at) {
    static_assert('.' + 1 == '/' && '/' % 2 == 1);
    return EightBytes(path.data() + at).equal_to('/') & EightBytes(path.data() + at + 1).equal_to_pair('/');
  };
  for (; i + 33 <= path.size(); i += 32)
    if ((eight(i) | eight(i + 8) | eight(i + 16) | eight(i + 24)) != 0) return true;
  for (; i + 9 <= path.size(); i += 8)
    if (eight(i) != 0) return true;
  for (; i + 1 < path.size(); ++i)
    if (path[i] == '/' && (path[i + 1] == '/' || path[i + 1] == '.')) return true;
  return false;
}

// Whether an absolute path is seen at a glance to be as clean_path would leave it.
bool is_clean(std::string_view path) {
  return path == "/" || (path.starts_with('/') && !path.ends_with('/') && !has_needless_parts(path));
}

}  // namespace

std::string clean_path(std::string_view path) {
  // As nearly all are, and some have a thousand parts.
  const auto without_slash = path.size() > 1 && path.ends_with('/') ? path.substr(0, path.size() - 1) : path;
  if (is_clean(without_slash)) return std::string(without_slash);
  if (path.starts_with('/')) {
    const auto is_needless = [&](std::size_t at) {
      return path[at] == '/' && (path[at + 1] == '/' || path[at + 1] == '.');
    };
    std::size_t end = 0;
    while (end + 1 < path.size() && !is_needless(end)) ++end;
    const auto rest = std::min(path.find_first_not_of('/', end), path.size());
    return resolve_in_clean(end == 0 ? "/" : path.substr(0, end), path.substr(rest));
  }
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const auto slash = path.find('/');
    const auto part = path.substr(0, slash);
    path.remove_prefix(slash == path.npos ? path.size() : slash + 1);
    if (part.empty() || part == ".") continue;
    if (part == ".." && !parts.empty() && parts.back() != "..") parts.pop_back();
    else parts.push_back(part);
  }
  std::string result;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) result += '/';
    result += parts[i];
  }
  return result.empty() ? "." : result;
}

std::string resolve_path(std::string_view directory, std::string_view path) {
  if (is_clean(directory) || path.starts_with('/')) return resolve_in_clean(directory, path);
  if (!directory.starts_with('/')) return clean_path(std::string(directory) + '/' + std::string(path));
  return resolve_in_clean(clean_path(directory), path);
}

std::string resolve_in_clean(std::string_view directory, std::string_view path) {
  if (path.starts_with('/')) return clean_path(path);
  std::string result;
  result.reserve(directory.size() + 1 + path.size());
  result = directory;
  while (!path.empty()) {
    const auto slash = path.find('/');
    const auto part = path.substr(0, slash);
    path.remove_prefix(slash == path.npos ? path.size() : slash + 1);
    if (part.empty() || part == ".") continue;
    if (part == "..") result.resize(path_parent(result).size());
    else result.append(result == "/" ? "" : "/").append(part);
  }
  return result;
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

// How a glob is matched: the set of text positions that the pattern so far can reach, moved on by one element after the
// other. Sets instead of backtracking keep the time at pattern × text, and as every element but a star leaves a
// position after it, no more of the pattern is read than the text has room for.
class Reached {
 public:
  explicit Reached(std::string_view text) : text_(text), positions_(text.size() + 1, 0) { positions_[0] = 1; }

  bool at(std::size_t position) const { return positions_[position] != 0; }
  bool anywhere() const { return first_ < positions_.size(); }

  void any_directories() {  // (.*/)?
    bool reached = false;
    for (auto i = first_; i < text_.size(); ++i) {
      reached |= at(i);
      if (text_[i] == '/' && reached) add_.push_back(i + 1);
    }
    for (const auto i : add_) positions_[i] = 1;
    add_.clear();
  }

  void star(bool crosses_slashes) {
    bool reached = false;
    for (auto i = first_; i <= text_.size(); ++i) {
      reached |= at(i);
      positions_[i] = reached;
      if (i < text_.size() && text_[i] == '/' && !crosses_slashes) reached = false;
    }
  }

  template <typename Accepts>
  void one(const Accepts& accepts) {
    for (auto i = text_.size(); i-- > first_;) positions_[i + 1] = at(i) && accepts(text_[i]);
    if (first_ < positions_.size()) positions_[first_] = 0;
    while (first_ < positions_.size() && !at(first_)) ++first_;
  }

 private:
  std::string_view text_;
  std::vector<char> positions_;
  std::vector<std::size_t> add_;
  std::size_t first_ = 0;  // nothing before it is reached
};

using CharacterSet = std::array<bool, 256>;

struct NamedClass {
  std::string_view name;
  int (*has)(int);
};
constexpr auto named_classes = std::to_array<NamedClass>({{"alnum", std::isalnum},
                                                          {"alpha", std::isalpha},
                                                          {"blank", std::isblank},
                                                          {"cntrl", std::iscntrl},
                                                          {"digit", std::isdigit},
                                                          {"graph", std::isgraph},
                                                          {"lower", std::islower},
                                                          {"print", std::isprint},
                                                          {"punct", std::ispunct},
                                                          {"space", std::isspace},
                                                          {"upper", std::isupper},
                                                          {"xdigit", std::isxdigit}});

// Adds the characters of `[:name:]`, of ASCII; nothing when there is no such name.
bool add_named(std::string_view name, CharacterSet& found) {
  const auto named = std::ranges::find(named_classes, name, &NamedClass::name);
  if (named == named_classes.end()) return false;
  for (int c = 0; c < 128; ++c)
    if (named->has(c) != 0) found[static_cast<std::size_t>(c)] = true;
  return true;
}

// The characters that `[set]` stands for, and takes it from the pattern; nothing when it does not end. As Git's
// wildmatch.c reads it: a bracket that comes first is one of them, and a backslash takes any other its meaning.
std::optional<CharacterSet> take_set(std::string_view& pattern) {
  CharacterSet found{};
  pattern.remove_prefix(1);
  const bool negated = pattern.starts_with('^') || pattern.starts_with('!');
  if (negated) pattern.remove_prefix(1);
  const auto take = [&] {
    if (pattern.size() > 1 && pattern[0] == '\\') pattern.remove_prefix(1);
    const auto c = static_cast<unsigned char>(pattern[0]);
    pattern.remove_prefix(1);
    return c;
  };
  for (bool first = true; !pattern.empty() && (first || pattern[0] != ']'); first = false) {
    const auto end = pattern.starts_with("[:") ? pattern.find(":]", 2) : pattern.npos;
    if (end != pattern.npos && pattern.find(']') == end + 1) {
      if (!add_named(pattern.substr(2, end - 2), found)) return std::nullopt;
      pattern.remove_prefix(end + 2);
      continue;
    }
    unsigned begin = take(), last = begin;
    found[begin] = true;  // also where the range is empty
    if (pattern.size() > 1 && pattern[0] == '-' && pattern[1] != ']') {
      pattern.remove_prefix(1);
      last = take();
    }
    for (; begin <= last; ++begin) found[begin] = true;
  }
  if (pattern.empty()) return std::nullopt;
  pattern.remove_prefix(1);
  if (negated)
    for (auto& one : found) one = !one;
  found['/'] = false;
  return found;
}

// Which positions of the text a pattern can end at; nothing when it is no pattern.
std::optional<Reached> match_glob(std::string_view pattern, std::string_view text) {
  Reached reached(text);
  std::string_view before;  // the star before: a second one, or any after `**`, adds nothing
  while (!pattern.empty() && reached.anywhere()) {
    std::string_view star;
    for (const std::string_view kind : {"**/", "**", "*"})
      if (star.empty() && pattern.starts_with(kind)) star = kind;
    if (!star.empty()) {
      pattern.remove_prefix(star.size());
      if (star == before || before == "**") continue;
      if (star == "**/") reached.any_directories();
      else reached.star(star == "**");
      before = star;
      continue;
    }
    before = {};
    if (pattern[0] == '?') {
      reached.one([](char c) { return c != '/'; });
      pattern.remove_prefix(1);
    } else if (pattern[0] == '[') {
      const auto accepted = take_set(pattern);
      if (!accepted) return std::nullopt;
      reached.one([&](char c) { return (*accepted)[static_cast<unsigned char>(c)]; });
    } else {
      if (pattern[0] == '\\' && pattern.size() > 1) pattern.remove_prefix(1);
      const char wanted = pattern[0];
      reached.one([&](char c) { return c == wanted; });
      pattern.remove_prefix(1);
    }
  }
  return reached;
}

}  // namespace

bool glob_match(std::string_view pattern, std::string_view text) {
  // Most patterns differ from most texts in a character that stands for itself, at an end of both.
  constexpr std::string_view special = "*?[]\\";
  const auto stands_for_itself = [&](char c) { return special.find(c) == special.npos; };
  const auto ends_plainly = [&] {  // a slash may belong to a star, and anything to a backslash
    return !pattern.empty() && stands_for_itself(pattern.back()) && pattern.back() != '/' &&
           !pattern.substr(0, pattern.size() - 1).ends_with('\\');
  };
  while (ends_plainly()) {
    if (!text.ends_with(pattern.back())) return false;
    pattern.remove_suffix(1);
    text.remove_suffix(1);
  }
  while (!pattern.empty() && stands_for_itself(pattern.front())) {
    if (!text.starts_with(pattern.front())) return false;
    pattern.remove_prefix(1);
    text.remove_prefix(1);
  }
  if (pattern.empty()) return text.empty();
  const auto reached = match_glob(pattern, text);
  return reached && reached->at(text.size());
}

bool glob_match_above(std::string_view pattern, std::string_view path) {
  const auto reached = match_glob(pattern, path);
  if (!reached) return false;
  for (std::size_t i = 1; i <= path.size(); ++i)
    if ((i == path.size() || path[i] == '/') && reached->at(i)) return true;
  return path.empty() && reached->at(0);
}

}  // namespace dockhew::inline text
