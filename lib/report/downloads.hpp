// What package managers print about their downloads, read from the output of a build. Not all of them say how much they
// fetch: APT, pip, uv, Cargo, DNF, yum, Zypper and pacman do; npm, Go, apk and most others do not.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace dockhew::inline report {

// The bytes that one line says were, or will be, downloaded: 0 for a line that says nothing had to be. Nothing for any
// other line. A tool that mentions the same bytes twice is counted once.
std::optional<std::uint64_t> reported_download(std::string_view line);

}  // namespace dockhew::inline report
