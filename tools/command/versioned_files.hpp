// Which files Git keeps: read from the index of the repository, without running Git.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace dockhew::cli {

class VersionedFiles {
 public:
  VersionedFiles() = default;  // not known
  VersionedFiles(std::set<std::string, std::less<>> paths, std::string below)
      : paths_(std::move(paths)), below_(std::move(below)) {}

  // Whether the path, or anything below it, is one of them; nothing when they are not known.
  std::optional<bool> contains(const std::string& path) const;

 private:
  std::optional<std::set<std::string, std::less<>>> paths_;  // from the root of the repository
  std::string below_;                                        // where the directory lies in it, with a slash at its end
};

// Those of the repository that a directory is in.
VersionedFiles versioned_files(const std::filesystem::path& directory);

// The paths in the bytes of an index; nothing when it is not one that can be read.
std::optional<std::set<std::string, std::less<>>> paths_of_index(std::string_view bytes);

}  // namespace dockhew::cli
