#include "lint/cache_export.hpp"

#include <algorithm>
#include <array>

#include "text/utf8.hpp"

namespace dockhew::inline lint {

std::string_view cache_export_field(std::string_view entry, std::string_view key) {
  while (!entry.empty()) {
    const auto comma = std::min(entry.find(','), entry.size());
    const auto part = trim_unicode(entry.substr(0, comma));
    if (part.starts_with(key) && part.substr(key.size()).starts_with('=')) return part.substr(key.size() + 1);
    entry.remove_prefix(std::min(comma + 1, entry.size()));
  }
  return {};
}

bool exports_final_stage_alone(std::string_view entry) {
  const auto type = cache_export_field(entry, "type"), reference = cache_export_field(entry, "ref");
  if (type == "inline") return entry.find('$') == entry.npos || reference.find('$') != reference.npos;
  constexpr std::array<std::string_view, 5> with_mode = {"registry", "gha", "local", "s3", "azblob"};
  if (std::ranges::find(with_mode, type) == with_mode.end() || !cache_export_field(entry, "mode").empty()) return false;
  if (type == "registry" && reference.empty()) return false;  // cut by something else
  // The mode may be in a variable, but not in one that is a part of the name.
  return entry.find('$') == entry.npos || reference.find('$') != reference.npos;
}

}  // namespace dockhew::inline lint
