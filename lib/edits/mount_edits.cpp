#include "edits/mount_edits.hpp"

#include <algorithm>

namespace dockhew::inline edits {
namespace {

bool is_key(std::string_view written, std::string_view key) {
  return written == key || (key == "target" && (written == "dst" || written == "destination"));
}

}  // namespace

std::optional<TextEdit> set_mount_option(const Dockerfile& file, const Mount& mount, std::string_view key,
                                         const std::string& value) {
  const auto text = slice(file.source(), mount.span);
  if (text.find_first_of("\"'\\`\n") != text.npos) return std::nullopt;
  auto begin = text.find('=') + 1;  // after --mount
  while (begin <= text.size()) {
    const auto end = std::min(text.find(',', begin), text.size());
    const auto field = text.substr(begin, end - begin);
    const auto equals = field.find('=');
    if (equals != field.npos && is_key(field.substr(0, equals), key)) {
      const auto at = mount.span.begin + static_cast<std::uint32_t>(begin + equals + 1);
      return TextEdit{{at, mount.span.begin + static_cast<std::uint32_t>(end)}, value};
    }
    begin = end + 1;
  }
  return TextEdit{{mount.span.end, mount.span.end}, ',' + std::string(key) + '=' + value};
}

bool must_be_locked(const ToolCache& cache, Builder builder) {
  return cache.sharing == "locked" && builder != Builder::buildah;
}

}  // namespace dockhew::inline edits
