// Image paths are POSIX paths, compared by text: no file system is asked, so nothing is followed and nothing is
// executed.
#pragma once

#include <string>
#include <string_view>

namespace dockhew::inline text {

// Go's path.Clean: single slashes, no "." and no inner "..". The empty path is ".".
std::string clean_path(std::string_view path);

// An absolute, cleaned path: `path` itself when absolute, else below `directory` (which is absolute).
std::string resolve_path(std::string_view directory, std::string_view path);

// The same where the directory is known to be cleaned, as those of steps and commands are. Only what `path` adds is
// looked at: each command after a long chain of `cd d` has such a directory.
std::string resolve_in_clean(std::string_view directory, std::string_view path);

// True when `path` is `directory` or below it. Both cleaned.
bool path_is_under(std::string_view path, std::string_view directory);

// `path` relative to `directory`: "../b" for "a" and "b". Both cleaned, and both absolute or both relative.
std::string relative_path(std::string_view directory, std::string_view path);

std::string_view path_basename(std::string_view path);
std::string_view path_parent(std::string_view path);  // "/" of "/a", "." of "a"

// Shell and Go glob match within one path segment or, with '**', across segments. Character classes are supported, also
// by name (`[[:digit:]]`).
bool glob_match(std::string_view pattern, std::string_view text);

// Whether the pattern matches a path or one of the directories that it lies in.
bool glob_match_above(std::string_view pattern, std::string_view path);

}  // namespace dockhew::inline text
