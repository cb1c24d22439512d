// The text of a COPY that is written anew. A name with blanks makes it the JSON form, and a name that BuildKit would
// read as something else cannot be written at all.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dockhew::inline edits {

// `flags`: each followed by a blank. Sources may have wildcards. Without an ending.
std::optional<std::string> copy_line(std::string_view flags, const std::vector<std::string>& sources,
                                     const std::string& destination);

// Whether COPY takes the path of a file that is there for this file and no other.
bool can_be_copied(std::string_view path);

}  // namespace dockhew::inline edits
