// Images without the programs of a distribution: scratch, and those of Google's distroless. What a container of one
// starts must be brought by a COPY, and there is no shell to read a command.
#pragma once

#include <string_view>

#include "model/dockerfile.hpp"

namespace dockhew::inline effects {

// Whether the image of a stage begins with no programs, or with none but `openssl` and those of `debug` tags: scratch,
// and the distroless images for compiled programs.
bool begins_bare(const Stage& base);

// Whether it has no shell: the same, and the distroless images of languages.
bool begins_without_shell(const Stage& base);

// Whether a step of the stage, or of those that it is built on, puts something at the path, or into a directory above
// it; a RUN may do anything.
bool may_have_path(const Dockerfile& file, const Stage& stage, std::string_view path);

}  // namespace dockhew::inline effects
