// Paths as parts of URIs, where characters that RFC 3986 does not permit are percent-encoded.
#pragma once

#include <string>
#include <string_view>

namespace dockhew::inline text {

std::string percent_encoded(std::string_view path);
// What is no such code stays as it is.
std::string percent_decoded(std::string_view text);

}  // namespace dockhew::inline text
