// Edits of one existing --mount flag: one option is set, and everything else stays as its author wrote it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/builder.hpp"
#include "model/dockerfile.hpp"
#include "text/edit.hpp"

namespace dockhew::inline edits {

// Replaces the value of an option, or appends the option. `key` is one of BuildKit's names; `target` is also found as
// dst and destination. Nothing if the flag has quotes or spans several lines.
std::optional<TextEdit> set_mount_option(const Dockerfile& file, const Mount& mount, std::string_view key,
                                         const std::string& value);

// Whether builds must wait for each other to use this cache. Not with Buildah: if a RUN has several cache mounts, it
// releases only the lock of the last one (seen in 1.28), and the next RUN that asks for another one hangs; and it keeps
// the lock as a file in the cache, where `apt-get update` deletes it.
bool must_be_locked(const ToolCache& cache, Builder builder);

}  // namespace dockhew::inline edits
