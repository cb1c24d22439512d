// Text as an attribute or the content of an XML element. XML 1.0 has no way to say most control characters, and its
// readers refuse bytes that are not UTF-8, so those come out as U+FFFD.
#pragma once

#include <string>
#include <string_view>

namespace dockhew {

std::string xml_escaped(std::string_view text);

}  // namespace dockhew
