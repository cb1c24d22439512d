// What the path of a file in an image says about it: whether it differs in every build, and what kind of file it is.
#pragma once

#include <string_view>

namespace dockhew::inline image {

// "package-manager caches", "logs", "byte code", "loader caches", "build intermediates", "the builder's own files";
// empty when the file counts.
std::string_view ignorable_class(std::string_view path);

inline constexpr std::string_view packages_of_language = "packages of the language";
inline constexpr std::string_view other_files = "sources and other files";

// "headers", "static libraries", "a toolchain", "documentation", "sources", "libraries", "programs", "other files".
std::string_view kind_of_file(std::string_view path);

}  // namespace dockhew::inline image
