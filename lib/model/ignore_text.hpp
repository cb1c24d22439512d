// The text of a .dockerignore with more lines in it. What its author has written stays as it is, and in its order.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace dockhew::inline model {

// The lines come last; before the first line with '!', where they would undo what that line keeps.
std::string with_ignored(std::string_view text, std::span<const std::string> lines);

// Whether a line with '!' names the path itself, and not only a directory that it lies in.
bool names_exception(std::string_view text, std::string_view path);

}  // namespace dockhew::inline model
