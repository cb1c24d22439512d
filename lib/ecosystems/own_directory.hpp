// How a script says where it lies itself: `$(dirname "$0")`, `$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)`. Many
// begin with that, and all their other paths count from there.
#pragma once

#include <string>
#include <string_view>

namespace dockhew::inline ecosystems {

// The script with its directory, absolute, in the place of these. No line goes elsewhere.
std::string with_own_directory(std::string text, std::string_view directory);

}  // namespace dockhew::inline ecosystems
