// TOML, as Cargo reads its manifests. The parser of toml++ calls itself for each part of a dotted key, so keys that
// nobody writes are refused before it sees them.
#pragma once

#include <toml++/toml.h>

#include <optional>
#include <string_view>

namespace dockhew::inline text {

// The table that a file contains; nothing where it is not TOML, or may nest deeper than anybody writes.
std::optional<toml::table> parse_toml(std::string_view text);

}  // namespace dockhew::inline text
