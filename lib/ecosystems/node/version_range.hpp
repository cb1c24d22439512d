// The ranges of versions that package.json names, as far as they are written in the usual forms. npm 6 writes lock
// files that have the versions alone, so whether one fits is a question of the range.
#pragma once

#include <optional>
#include <string_view>

namespace dockhew::inline ecosystems {

// Whether a version is in a range: `1.2.3`, `^1.2.3`, `~1.2`, `1.x`, `>=1.2`, `*`. Nothing for other forms, for tags,
// addresses, and for versions before a release. https://github.com/npm/node-semver#ranges
std::optional<bool> is_in_range(std::string_view version, std::string_view range);

}  // namespace dockhew::inline ecosystems
