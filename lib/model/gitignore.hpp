// .gitignore, with Git's semantics: in each directory of a path the last line that matches decides. What Git is told to
// leave alone is not in a clone, and lies in the directory of whoever has built the project.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dockhew::inline model {

class GitIgnore {
 public:
  // The lines of a .gitignore in `directory`, which is relative to the root, and "." for the root itself. Files of
  // directories above come first.
  void add(std::string_view text, std::string_view directory);

  // What the last line that matches a path says of it, whatever is said of the directories above.
  std::optional<bool> says_of(std::string_view path, bool is_directory) const;
  // Whether Git leaves a path alone; cleaned, and relative to the root.
  bool ignores(std::string_view path, bool is_directory) const;
  // Whether it leaves alone all of a directory: itself, or whatever lies in it.
  bool ignores_all_of(std::string_view directory) const;

 private:
  struct Line {
    std::string pattern;  // from the root
    bool keep = false;    // '!'
    bool directories = false;
  };
  std::vector<Line> lines_;
};

// The lines of a .gitignore that concern what is below `below`, as lines of one that lies there; `below` is relative to
// the directory of the file.
std::string gitignore_lines_below(std::string_view text, std::string_view below);

}  // namespace dockhew::inline model
