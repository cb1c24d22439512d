#include "language_server/file_uri.hpp"

#include "text/uri.hpp"
#include "text/utf8.hpp"

namespace dockhew::cli {

std::string path_of_uri(std::string_view uri) {
  constexpr std::string_view scheme = "file://";
  if (!equals_ignoring_case(uri.substr(0, scheme.size()), scheme)) return {};
  auto rest = uri.substr(scheme.size());
  constexpr std::string_view here = "localhost";
  if (rest.starts_with(here)) rest.remove_prefix(here.size());
  auto path = percent_decoded(rest.substr(0, rest.find_first_of("?#")));
  return path.starts_with('/') && path.find('\0') == path.npos ? path : std::string();
}

std::string uri_of_path(std::string_view path) { return "file://" + percent_encoded(path); }

}  // namespace dockhew::cli
