// Everything the command does with the file system. Links that lead out of a build context are never followed, and a
// file is replaced atomically or not at all.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "model/build_context.hpp"

namespace dockhew::cli {

struct ReadResult {
  std::string text;
  std::string error;  // for the user; empty when the file was read
};

ReadResult read_file(const std::string& path);  // "-" is standard input

// The Dockerfiles below a directory, sorted; files named by a .gitignore there are left out.
std::vector<std::string> find_dockerfiles(const std::string& directory);

// A build context on disk, with the ignore file that BuildKit would use for this Dockerfile.
BuildContext open_context(const std::string& directory, const std::string& dockerfile, ContextOrigin origin = {});

// The files of a directory, whatever an ignore file says.
BuildContext open_files(const std::string& directory);

// Replaces the contents of a file, keeping its mode and, if permitted, its owner. Returns an error message for the
// user.
std::string write_file(const std::string& path, const std::string& text);

}  // namespace dockhew::cli
