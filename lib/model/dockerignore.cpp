#include "model/dockerignore.hpp"

#include <algorithm>

#include "text/path.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::inline model {

IgnorePatterns IgnorePatterns::parse(std::string_view text) {
  IgnorePatterns result;
  result.text_ = text;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  for (auto line : split_lines(text)) {
    if (line.starts_with('#')) continue;
    line = trim_unicode(line);
    if (line.empty()) continue;
    Pattern pattern;
    if (line.starts_with('!')) {
      pattern.keep = true;
      line = trim_unicode(line.substr(1));
      if (line.empty()) continue;
    }
    pattern.text = clean_path(line);
    if (pattern.text.size() > 1 && pattern.text.starts_with('/')) pattern.text.erase(0, 1);
    const auto index = result.patterns_.size();
    if (pattern.text.find_first_of("*?[\\") == pattern.text.npos) result.literals_[pattern.text] = index;
    else result.globs_.push_back(index);
    result.patterns_.push_back(std::move(pattern));
  }
  return result;
}

bool IgnorePatterns::has_exceptions() const { return std::ranges::any_of(patterns_, &Pattern::keep); }

bool IgnorePatterns::excludes_everything() const {
  return std::ranges::any_of(patterns_, [](const Pattern& pattern) {
    return !pattern.keep && (pattern.text == "*" || pattern.text == "**" || pattern.text == "**/*");
  });
}

namespace {

// Takes the first part of a path away.
std::string_view take_part(std::string_view& path) {
  const auto slash = path.find('/');
  const auto part = path.substr(0, slash);
  path.remove_prefix(slash == path.npos ? path.size() : slash + 1);
  return part;
}

// Whether a pattern can match something below a directory.
bool may_match_below(std::string_view pattern, std::string_view directory) {
  while (!directory.empty()) {
    const auto part = take_part(pattern);
    if (part.find("**") != part.npos) return true;
    if (!glob_match(part, take_part(directory))) return false;
  }
  return !pattern.empty();
}

}  // namespace

bool IgnorePatterns::excludes_below(std::string_view path) const {
  return excludes(path) && std::ranges::none_of(patterns_, [&](const Pattern& pattern) {
           return pattern.keep && may_match_below(pattern.text, path);
         });
}

// The last pattern that matches decides. A list of a thousand plain paths is asked about each file.
bool IgnorePatterns::excludes(std::string_view path) const {
  const Pattern* last = nullptr;
  for (auto end = std::min(path.find('/'), path.size()); !literals_.empty();
       end = std::min(path.find('/', end + 1), path.size())) {
    const auto found = literals_.find(path.substr(0, end));
    if (found != literals_.end()) last = std::max(last, &patterns_[found->second]);
    if (end == path.size()) break;
  }
  for (auto index = globs_.rbegin(); index != globs_.rend(); ++index) {
    const auto& pattern = patterns_[*index];
    if (last != nullptr && &pattern < last) break;
    if (!glob_match_above(pattern.text, path)) continue;
    last = &pattern;
    break;
  }
  return last != nullptr && !last->keep;
}

}  // namespace dockhew::inline model
