#include "model/added_source.hpp"

#include <algorithm>

namespace dockhew::inline model {

bool is_url(std::string_view text) { return text.starts_with("http://") || text.starts_with("https://"); }

bool is_git_source(std::string_view text) {
  if (text.starts_with("git://") || text.starts_with("ssh://")) return true;
  const auto path = text.substr(0, text.find_first_of("#?"));
  if (is_url(text)) return path.ends_with(".git");
  const auto at = path.find('@'), colon = path.find(':');
  return at != path.npos && colon != path.npos && at < colon && path.find('/') > colon;  // git@host:path
}

bool is_tar(std::string_view path) {
  constexpr std::string_view suffixes[] = {".tar", ".tar.gz", ".tgz",     ".tar.bz2",  ".tbz2", ".tar.xz",
                                           ".txz", ".tar.Z",  ".tar.zst", ".tar.lzma", ".tb2",  ".tlz"};
  return std::ranges::any_of(suffixes, [&](std::string_view suffix) { return path.ends_with(suffix); });
}

}  // namespace dockhew::inline model
