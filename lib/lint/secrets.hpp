// Finds text that can hardly be anything but a credential: tokens whose issuer marks them, private keys, passwords in
// URLs. What looks like a placeholder is none. Reports use it as well, so that no output repeats what was found.
#pragma once

#include <string_view>
#include <vector>

#include "text/span.hpp"

namespace dockhew {

struct Secret {
  Span span;
  std::string_view title;  // "an access token of GitHub"
};

// Sorted by place; they do not overlap. The time is linear in the size of the text.
std::vector<Secret> find_secrets(std::string_view text);

// The text with stars in place of them, of the same length, so that places stay where they are.
std::string without_secrets(std::string_view text);

}  // namespace dockhew
