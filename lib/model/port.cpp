#include "model/port.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include "text/utf8.hpp"

namespace dockhew::inline model {
namespace {

bool parse_number(std::string_view text, unsigned& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() && out <= 65535;
}

bool parse_range(std::string_view text, unsigned& first, unsigned& last) {
  const auto dash = text.find('-');
  if (dash == text.npos) return parse_number(text, first) && (last = first, true);
  return parse_number(text.substr(0, dash), first) && parse_number(text.substr(dash + 1), last) && first <= last;
}

bool is_address(const std::string& text) {
  unsigned char bytes[16];
  return ::inet_pton(AF_INET, text.c_str(), bytes) == 1 || ::inet_pton(AF_INET6, text.c_str(), bytes) == 1;
}

}  // namespace

Port parse_port(std::string_view text) {
  Port port;
  // The last two colons are separators; an address may contain more.
  auto container = text;
  if (const auto colon = text.rfind(':'); colon != text.npos) {
    container = text.substr(colon + 1);
    const auto before = text.substr(0, colon);
    const auto host = before.rfind(':');
    port.host = before.substr(host == before.npos ? 0 : host + 1);
    if (host != before.npos) port.address = before.substr(0, host);
  }
  const auto slash = container.find('/');
  port.protocol = slash == container.npos || slash + 1 == container.size() ? "tcp" : container.substr(slash + 1);
  container = container.substr(0, slash);
  const auto fail = [&](std::string message) { return port.error = std::move(message), port; };
  if (container.empty()) return fail("invalid port: " + go_quote(text) + ": no port specified");
  if (port.address.size() > 2 && port.address.front() == '[' && port.address.back() == ']')
    port.address = port.address.substr(1, port.address.size() - 2);
  if (!port.address.empty() && !is_address(port.address)) return fail("invalid IP address: " + port.address);
  port.out_of_range = !parse_range(container, port.first, port.last);
  if (port.out_of_range) return fail("invalid containerPort: " + std::string(container));
  if (!port.host.empty()) {
    unsigned first = 0, last = 0;
    if (!parse_range(port.host, first, last)) return fail("invalid hostPort: " + port.host);
    if (last - first != port.last - port.first && port.first != port.last)
      return fail("invalid ranges specified for container and host Ports: " + std::string(container) + " and " +
                  port.host);
  }
  const auto protocol = to_lower_ascii(port.protocol);
  if (protocol != "tcp" && protocol != "udp" && protocol != "sctp")
    return fail("invalid port: " + go_quote(text) + ": invalid proto: " + port.protocol);
  return port;
}

}  // namespace dockhew::inline model
