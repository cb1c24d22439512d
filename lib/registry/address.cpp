#include "registry/address.hpp"

#include <algorithm>

#include "text/utf8.hpp"

namespace dockhew::inline registry {
namespace {

constexpr std::size_t longest_address = 8192;

// What may stand in a line of a request.
bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return '!' <= c && c <= '~' && c != '"' && c != '\\'; });
}

}  // namespace

Outcome<Address> read_address(std::string_view text) {
  Address result;
  const auto colon = text.find("://");
  const auto scheme = colon == text.npos ? std::string() : to_lower_ascii(text.substr(0, colon));
  if (scheme != "https" && scheme != "http") return Declined{"its address is neither https nor http"};
  if (text.size() > longest_address || !is_plain(text)) return Declined{"its address has letters that none has"};
  result.secure = scheme == "https";
  text.remove_prefix(colon + 3);
  text = text.substr(0, text.find('#'));
  const auto end = text.find_first_of("/?");
  result.host = to_lower_ascii(text.substr(0, end));
  if (result.host.empty() || result.host.find('@') != std::string::npos)
    return Declined{"its address names no host, or a user"};
  result.path = end == text.npos ? "/" : std::string(text.substr(end));
  if (result.path.starts_with('?')) result.path.insert(0, "/");
  return result;
}

bool is_loopback(std::string_view host) {
  if (host.starts_with('[')) return host.substr(0, host.find(']')) == "[::1";
  host = host.substr(0, host.rfind(':'));
  if (host == "localhost") return true;
  return host.starts_with("127.") && host.find_first_not_of("0123456789.") == host.npos;
}

Address registry_of(const ImageReference& image) {
  return {true, image.registry.empty() ? "registry-1.docker.io" : to_lower_ascii(image.registry), "/v2/"};
}

Outcome<Address> redirected(const Address& from, std::string_view location) {
  if (location.empty()) return Declined{"it redirects to nowhere"};
  if (location.starts_with("//")) return redirected(from, (from.secure ? "https:" : "http:") + std::string(location));
  if (location.starts_with('/'))
    return read_address((from.secure ? "https://" : "http://") + from.host + std::string(location));
  if (location.find("://") == location.npos)
    return redirected(
        from, from.path.substr(0, from.path.substr(0, from.path.find('?')).rfind('/') + 1) + std::string(location));
  auto to = read_address(location);
  if (to && from.secure && !to->secure) return Declined{"it redirects from https to http"};
  if (to && !to->secure && !is_loopback(to->host)) return Declined{"it redirects to http on another machine"};
  return to;
}

}  // namespace dockhew::inline registry
