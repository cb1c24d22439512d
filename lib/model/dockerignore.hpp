// .dockerignore, with BuildKit's semantics: the last pattern that matches a path or one of its parents decides.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace dockhew::inline model {

class IgnorePatterns {
 public:
  // Lines: '#' in the first column is a comment, '!' keeps, a leading slash is dropped, paths are cleaned.
  static IgnorePatterns parse(std::string_view text);

  // `path` is relative to the context and cleaned.
  bool excludes(std::string_view path) const;
  // Whether nothing below the path is brought back by a line with '!' either.
  bool excludes_below(std::string_view path) const;
  bool empty() const { return patterns_.empty(); }
  bool has_exceptions() const;       // a line with '!'
  bool excludes_everything() const;  // a line that is "*", "**" or "**/*"
  const std::string& text() const { return text_; }

 private:
  struct Pattern {
    std::string text;
    bool keep = false;
  };
  std::vector<Pattern> patterns_;
  std::map<std::string, std::size_t, std::less<>>
      literals_;                    // the last of those that are the same path, in `patterns_`
  std::vector<std::size_t> globs_;  // the others
  std::string text_;
};

}  // namespace dockhew::inline model
