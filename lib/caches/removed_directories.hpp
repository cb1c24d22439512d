// What the removals of a RUN mean for directories that are, or are to become, mount points. A mount point cannot be
// removed, and its contents belong to every build, so an `rm` of a mounted cache is removed, and an `rm` of something
// above it rules out the mount.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/script.hpp"

namespace dockhew::inline caches {

// The operands of an `rm` that are inside one of the directories, or match one by name or by pattern
// (`"$BUNDLE_PATH"/ruby/*/cache`). `directories` are absolute and cleaned.
struct RemovedOperands {
  std::vector<std::size_t> inside;  // indices of the command's words
  std::size_t all = 0;              // operands that it has
};
RemovedOperands operands_inside(const ShellCommand& command, const std::vector<std::string>& directories);

// An operand of `rm`, `rmdir`, `mv` or a deleting `find` that names, or may name, something above one of the
// directories, as written. Operands returned by operands_inside do not count.
std::optional<std::string> removes_above(const Facts& facts, const Script& script,
                                         const std::vector<std::string>& directories);

}  // namespace dockhew::inline caches
