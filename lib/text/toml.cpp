#include "text/no_files.hpp"

#define TOML_IMPLEMENTATION
#include "text/toml.hpp"

#include "text/limits.hpp"

namespace dockhew::inline text {
namespace {

// A key does not go on in the next line. Whether a dot is in a key or in a string is left open on purpose: that needs
// the parser.
bool may_have_deep_key(std::string_view text) {
  std::size_t dots = 0;
  for (const char c : text) {
    if (c == '\n') dots = 0;
    if (c == '.' && ++dots > limits::dots_in_line) return true;
  }
  return false;
}

}  // namespace

std::optional<toml::table> parse_toml(std::string_view text) {
  if (may_have_deep_key(text)) return std::nullopt;
  auto parsed = toml::parse(text);
  if (!parsed) return std::nullopt;
  return std::move(parsed).table();
}

}  // namespace dockhew::inline text
