// What the removals of a RUN mean for directories that are, or are to become, mount points. A mount point cannot be
// removed, and its contents belong to every build, so an `rm` of a mounted cache is removed, and an `rm` of something
// above it rules out the mount, unless nothing else is in there.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/site.hpp"

namespace dockhew::inline caches {

// What a word of a command names, also below the home: `~/.cache`, `$HOME/.cache`. Of a user who is not known the home
// is assumed to be root's, as the place of the caches is.
std::optional<std::string> absolute_path(const Site& site, const ShellCommand& command, const ShellWord& word);

// Whether a path, or all that is in it, is the directory of all caches of a home (`/root/.cache`), one of the
// directories is in it, and the RUN writes nothing else there: without the `rm` nothing more is left.
bool holds_only_caches(const Site& site, std::string_view path, const std::vector<std::string>& directories);

// The operands of an `rm` that are inside one of the directories, or match one by name or by pattern
// (`"$BUNDLE_PATH"/ruby/*/cache`), or hold only those. `directories` are absolute and cleaned.
struct RemovedOperands {
  std::vector<std::size_t> inside;  // indices of the command's words
  std::size_t all = 0;              // operands that it has
};
RemovedOperands operands_inside(const Site& site, const ShellCommand& command,
                                const std::vector<std::string>& directories);

// An operand of `rm`, `rmdir`, `mv` or a deleting `find` that names, or may name, something above one of the
// directories, as written. Operands returned by operands_inside do not count. `script`: of the site's RUN, or what make
// runs for it.
std::optional<std::string> removes_above(const Site& site, const Script& script,
                                         const std::vector<std::string>& directories);

}  // namespace dockhew::inline caches
