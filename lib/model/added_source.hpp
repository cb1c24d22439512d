// What kind of source an ADD or COPY has, judged by its text alone: a download, a repository, an archive that ADD
// unpacks.
#pragma once

#include <string_view>

namespace dockhew::inline model {

bool is_url(std::string_view text);         // http, https
bool is_git_source(std::string_view text);  // that BuildKit clones; some of them are URLs
bool is_tar(std::string_view path);         // plain or compressed

}  // namespace dockhew::inline model
