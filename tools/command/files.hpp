// Everything the command reads from the file system: one function opens files, and it opens regular files only, up to a
// limit. Links that lead out of a build context or of a directory that is searched are never followed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/build_context.hpp"

namespace dockhew::cli {

struct ReadResult {
  std::string text;
  std::string error;  // for the user; empty when the file was read
};

// Bytes. Messages name them.
constexpr std::size_t largest_input = std::size_t{64} << 20U;      // of a Dockerfile, of a table
constexpr std::size_t largest_companion = std::size_t{1} << 20U;   // of what is read beside it: configuration
constexpr std::size_t largest_in_context = std::size_t{4} << 20U;  // manifests; lock files of npm have 1 to 3 MiB

enum class Links : std::uint8_t { followed, refused };  // when the last part of a path is one

// Any bytes. Pipes and devices are never opened: they would be waited for, or have no end.
ReadResult read_regular_file(const std::string& path, std::size_t limit, Links links);

// A text; "-" is standard input.
ReadResult read_file(const std::string& path, std::size_t limit = largest_input);

// What a directory holds, in no order; nothing when it cannot be read. std::filesystem splits the path of every entry
// into its parts, which makes up a tenth of linting a file in a large directory.
struct DirectoryEntry {
  std::string name;
  PathKind kind;
};
std::vector<DirectoryEntry> list_directory(const std::string& directory, std::size_t most = SIZE_MAX);

struct FoundDockerfiles {
  std::vector<std::string> paths;        // sorted
  std::vector<std::string> links_out;    // would be Dockerfiles, but lead out of the directory
  std::vector<std::string> build_files;  // sorted: Compose files, workflows and the like
  std::string unsearched;                // the first directory that is too deep to be looked into
  std::string error;                     // why not all was searched
};

// The Dockerfiles below a directory, and the files that say how they are built. Those that a .gitignore there names are
// left out.
FoundDockerfiles find_dockerfiles(const std::string& directory);

// Whether a name is one that people give to a Dockerfile.
bool is_dockerfile_name(const std::string& name);
// Whether a file is source of a language, by its name: not a script of a shell.
bool is_source_name(std::string_view name);

// Who reads the ignore files of a context: BuildKit knows `.dockerignore` alone, Podman and Buildah also the other
// name.
enum class IgnoreReader : std::uint8_t { docker, podman };

// A build context on disk, with the ignore file that such a builder would use for this Dockerfile.
BuildContext open_context(const std::string& directory, const std::string& dockerfile, ContextOrigin origin = {},
                          IgnoreReader reader = IgnoreReader::docker);

// The ignore file of a context, where there is one: of this Dockerfile alone, or of all; else an empty path.
std::string ignore_file_of(const std::string& directory, const std::string& dockerfile, IgnoreReader reader);

// The files of a directory, whatever an ignore file says.
BuildContext open_files(const std::string& directory);
std::shared_ptr<const FileSource> files_of(const std::string& directory);

}  // namespace dockhew::cli
