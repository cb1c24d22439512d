// Text as an attribute or the content of an XML element. XML 1.0 cannot represent most control characters, and its
// parsers reject bytes that are not UTF-8, so those are replaced by U+FFFD.
#pragma once

#include <string>
#include <string_view>

namespace dockhew::inline report {

std::string xml_escaped(std::string_view text);

}  // namespace dockhew::inline report
