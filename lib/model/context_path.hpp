// Paths in the build context: relative to its root, cleaned, with "." for the root itself.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dockhew::inline model {

// The directories above `directory`, nearest first, up to `root`. Both are context paths.
std::vector<std::string> directories_above(std::string directory, const std::string& root);

// Joins context paths: "." and "a" give "a".
std::string join_context_path(std::string_view directory, std::string_view name);

}  // namespace dockhew::inline model
