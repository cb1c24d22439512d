// Base64, in which credential files and HTTP's basic authentication have names and passwords. Facts: RFC 4648,
// section 4.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dockhew::inline text {

std::string base64_encoded(std::string_view bytes);
// Nothing where the text is not base64. Padding may be left out, as some programs do.
std::optional<std::string> base64_decoded(std::string_view text);

}  // namespace dockhew::inline text
