// Edits replace spans of a source. Their conflict rules follow LLVM's Replacement.h: two edits that touch the same
// bytes, or two different insertions at one point, have no defined order and therefore collide.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "text/span.hpp"

namespace dockhew::inline text {

struct TextEdit {
  Span span;         // replaced bytes; empty for an insertion
  std::string text;  // replacement; empty for a deletion
  friend bool operator==(const TextEdit&, const TextEdit&) = default;
};

// True when applying both edits has no single meaning. Equal edits do not collide, because they do the same thing.
bool collide(const TextEdit& a, const TextEdit& b);

// The source with all edits applied. Requires edits that are inside the source and do not collide; order is irrelevant,
// and of two equal edits one is applied.
std::string apply_edits(std::string_view source, std::vector<TextEdit> edits);

}  // namespace dockhew::inline text
