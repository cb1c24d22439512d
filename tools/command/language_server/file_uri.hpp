// Documents have URIs in the protocol and files have paths.
#pragma once

#include <string>
#include <string_view>

namespace dockhew::cli {

// The path that a `file:` URI names; empty for all others, which name no file of this machine.
std::string path_of_uri(std::string_view uri);

// Of an absolute path.
std::string uri_of_path(std::string_view path);

}  // namespace dockhew::cli
