#include "text/edit.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace dockhew::inline text {

bool collide(const TextEdit& a, const TextEdit& b) {
  if (a == b) return false;
  if (a.span.overlaps(b.span)) return true;
  if (a.span.empty() && b.span.empty()) return a.span.begin == b.span.begin;
  // An insertion at the edge of a replacement is ordered by position alone; one strictly inside would be lost.
  const Span point = a.span.empty() ? a.span : b.span;
  const Span range = a.span.empty() ? b.span : a.span;
  return point.empty() && range.begin < point.begin && point.begin < range.end;
}

std::string apply_edits(std::string_view source, std::vector<TextEdit> edits) {
  std::ranges::stable_sort(edits, {}, [](const TextEdit& edit) { return std::pair(edit.span.begin, edit.span.end); });
  edits.erase(std::unique(edits.begin(), edits.end()), edits.end());
  std::string result;
  result.reserve(source.size());
  std::uint32_t position = 0;
  for (const auto& edit : edits) {
    assert(position <= edit.span.begin && edit.span.end <= source.size());
    result += source.substr(position, edit.span.begin - position);
    result += edit.text;
    position = edit.span.end;
  }
  result += source.substr(position);
  return result;
}

}  // namespace dockhew::inline text
