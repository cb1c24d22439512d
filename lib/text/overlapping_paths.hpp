// How the paths of two lists lie in each other, without a comparison of each with each: a command may name many
// thousands of files.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace dockhew::inline text {

// Whether a path of one list is one of the other, or below or above one. All are cleaned.
bool paths_overlap(std::span<const std::string> one, std::span<const std::string> other);

// Of which of the paths that is so.
std::vector<bool> overlapped_paths(std::span<const std::string> paths, std::span<const std::string> others);

// Whether each of the paths is one of the directories or below one.
bool all_are_under(std::span<const std::string> paths, std::span<const std::string> directories);

}  // namespace dockhew::inline text
