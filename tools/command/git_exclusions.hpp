// What Git leaves alone below a directory that is searched: what `git ls-files --cached --others --exclude-standard`
// does not list. Git itself is not asked, because what a stranger's repository configures (core.fsmonitor) would be
// started by it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "git_directory.hpp"
#include "model/gitignore.hpp"
#include "versioned_files.hpp"

namespace dockhew::cli {

class GitExclusions {
 public:
  // Of a directory in a repository or, as far as .gitignore files go, in none.
  explicit GitExclusions(const std::filesystem::path& directory);

  bool in_repository() const { return !git_.common.empty(); }
  // Whether a path is left out; relative to the directory, and asked in the order of a walk that visits a directory
  // before what is in it. A directory that holds what Git keeps nevertheless is not.
  bool leaves_out(const std::string& path, bool is_directory);

 private:
  struct Level {
    std::string directory;  // from the root; "" for the root itself
    GitIgnore ignore;
  };
  void add(const std::string& directory);
  bool is_said_to(const std::string& whole, bool is_directory) const;

  std::filesystem::path root_;  // of the repository, or the directory itself
  std::string below_;           // where the directory lies in it, with a slash at its end
  GitDirectory git_;
  std::vector<Level> levels_;                // those above the path that was asked last, and what is said of all paths
  std::optional<VersionedFiles> versioned_;  // read when it is first asked for
  std::string left_out_;                     // the directory that is left out, but holds what Git keeps
};

// Whether a repository of its own begins in this directory.
bool is_repository(const std::filesystem::path& directory);

}  // namespace dockhew::cli
