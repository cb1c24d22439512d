// Where Git keeps what belongs to a working tree, and what its configuration says of files to leave alone.
#pragma once

#include <filesystem>
#include <string>

namespace dockhew::cli {

struct GitDirectory {
  std::filesystem::path own;     // has the index
  std::filesystem::path common;  // has the configuration and info/; the same, unless there are several working trees
};

// Of the working tree whose root is this directory: `.git` itself, or the place that a file of this name says
// (gitrepository-layout(5)). Empty where there is none.
GitDirectory git_directory(const std::filesystem::path& root);

// core.excludesFile as somebody's own configuration says it, or its default; empty where none can be told. Files that
// the configuration includes are not read.
std::filesystem::path global_excludes_file(const GitDirectory& git);

}  // namespace dockhew::cli
