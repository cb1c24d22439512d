// What the removals of a RUN mean for directories that are mount points, or shall become ones. A mount point cannot be
// removed, and what lies in it is every build's: so an `rm` of a mounted cache goes, and one of something above it
// forbids the mount.
#pragma once

#include <string>
#include <vector>

#include "model/script.hpp"

namespace dockhew {

// The operands of an `rm` that lie in one of the directories, or are one by name or by pattern
// (`"$BUNDLE_PATH"/ruby/*/cache`). `directories` are absolute and cleaned.
struct RemovedOperands {
  std::vector<std::size_t> inside;  // indices of the command's words
  std::size_t all = 0;              // operands that it has
};
RemovedOperands operands_inside(const ShellCommand& command, const std::vector<std::string>& directories);

// An operand of `rm`, `rmdir`, `mv` or a deleting `find` that names something above one of the directories, or may; as
// it is written, and empty when there is none. What operands_inside gives is not above.
std::string removes_above(const Script& script, const std::vector<std::string>& directories);

}  // namespace dockhew
