// Finds the COPY that brings the project's source into a stage: the line that every edit of the project invalidates.
#pragma once

#include <optional>
#include <string>

#include "model/dockerfile.hpp"

namespace dockhew {

// The last COPY or ADD from the build context before step `before` whose destination contains `directory` and which
// brings more than manifests. Its sources are directories, or "." itself.
std::optional<std::size_t> find_source_copy(const Dockerfile& file, const Stage& stage, std::size_t before,
                                            std::string_view directory);

// Where `directory` of the image lies in the context, given the copy that brought it; nothing when that cannot be said,
// or when another one did.
std::optional<std::string> context_directory(const Copy& copy, std::string_view directory);

}  // namespace dockhew
