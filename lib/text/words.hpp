// Text taken apart at its blanks, where no shell has a say: no quotes, no escapes.
#pragma once

#include <string_view>
#include <vector>

namespace dockhew {

// Parts of `text`, which they point into, without the spaces and tabs between them. None is empty.
std::vector<std::string_view> split_words(std::string_view text);

}  // namespace dockhew
