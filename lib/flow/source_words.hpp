// Whether the source of a project has a word, wherever it stands: for what no reader of a language follows, as the name
// of a library that a program loads when it runs.
#pragma once

#include <span>
#include <string_view>

#include "model/build_context.hpp"

namespace dockhew::inline flow {

// In files of source code of any language below the root of the context. True where there is more of it than is read
// (16 MiB, 4,000 files).
bool source_may_have(const BuildContext& context, std::span<const std::string_view> words);

}  // namespace dockhew::inline flow
