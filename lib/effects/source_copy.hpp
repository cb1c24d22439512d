// Finds the COPY that copies the project's source into a stage: the line that every edit of the project invalidates.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "model/dockerfile.hpp"
#include "model/site.hpp"

namespace dockhew::inline effects {

// The last COPY or ADD from the build context before step `before` whose destination contains `directory` and which
// copies more than manifests. Its sources are directories, or "." itself.
std::optional<std::size_t> find_source_copy(const Dockerfile& file, const Stage& stage, std::size_t before,
                                            std::string_view directory);

// Where `directory` of the image is in the context, given the COPY that created it; nothing when that is not known, or
// when another COPY created it.
std::optional<std::string> context_directory(const Copy& copy, std::string_view directory);

// The COPYs and ADDs from the build context before step `before`, found once for the file.
std::span<const StepPlace> copies_of_context(const Dockerfile& file, const Stage& stage, std::size_t before);
// Of very many the last ones.
std::span<const StepPlace> nearest(std::span<const StepPlace> copies);

// Where a file of the image comes from in the build context, by the last COPY of the stage that brings it; nothing
// where none is known to, or the context does not have it.
std::optional<std::string> file_in_context(const Dockerfile& file, const Stage& stage, const std::string& path);

// The same, also by the COPYs of the stages that the site's is built on.
std::optional<std::string> file_in_context(const Site& site, const std::string& path);

// The last COPY before the site's step, in its stage or those that it is built on, that brings a file of the image from
// the build context.
struct BroughtFile {
  std::string source;    // in the context
  const Stage* stage;    // of the COPY
  std::size_t step = 0;  // its position among the steps of the stage
};
std::optional<BroughtFile> find_brought_file(const Site& site, const std::string& path);

}  // namespace dockhew::inline effects
