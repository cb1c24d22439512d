#include "effects/plain_add.hpp"

#include <algorithm>
#include <string_view>

namespace dockhew::inline effects {
namespace {

// The formats that ADD unpacks: tar archives, plain or compressed. It leaves others, such as zip, as they are.
bool is_archive(std::string_view path) {
  constexpr std::string_view suffixes[] = {".tar", ".gz",   ".tgz",  ".bz2", ".tbz",   ".tbz2", ".xz",
                                           ".txz", ".lzma", ".tlz",  ".zst", ".tzst",  ".tpz",  ".taz",
                                           ".Z",   ".tar*", ".tgz*", ".tb2", ".tar.?z"};
  return std::ranges::any_of(suffixes, [&](std::string_view suffix) { return path.ends_with(suffix); });
}

bool is_remote(std::string_view source) {
  return source.find("://") != source.npos || source.starts_with("git@") || source.starts_with("github.com/");
}

bool needs_add(const CopySource& source) {
  return !source.known || source.text.empty() || is_archive(source.text) || is_remote(source.text);
}

}  // namespace

bool only_copies(const Instruction& instruction, const Copy& copy) {
  if (instruction.keyword != Keyword::add) return true;
  for (const auto* flag : {"checksum", "keep-git-dir", "unpack"})
    if (instruction.flag(flag) != nullptr) return false;
  return std::ranges::none_of(copy.sources, needs_add);
}

}  // namespace dockhew::inline effects
