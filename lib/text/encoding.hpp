// Text files as tools read them: many begin with a byte order mark, and PowerShell writes UTF-16.
#pragma once

#include <optional>
#include <string>

namespace dockhew::inline text {

// The text of a file in UTF-8 and without its mark. A mark decides the encoding; without one the bytes are the text.
// Nothing for what is no text: NUL bytes, or half a character after a mark of UTF-16.
std::optional<std::string> decode_text(std::string bytes);

}  // namespace dockhew::inline text
