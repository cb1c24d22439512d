// Finds text that can hardly be anything but a credential: tokens with their issuer's prefix, private keys, passwords
// in URLs. Text that looks like a placeholder does not count. Reports use this too, so that no output repeats what was
// found.
#pragma once

#include <string_view>
#include <vector>

#include "text/span.hpp"

namespace dockhew::inline lint {

struct Secret {
  Span span;
  std::string_view title;  // "a GitHub access token"
};

// Sorted by place; they do not overlap. The time is linear in the size of the text.
std::vector<Secret> find_secrets(std::string_view text);

// "dummy", "changeme", "test": what people write where any value would do.
bool is_dummy_value(std::string_view value);

// The text with asterisks in their place, of the same length, so that positions do not change.
std::string without_secrets(std::string_view text);

}  // namespace dockhew::inline lint
