#include "model/ignore_text.hpp"

#include <algorithm>

#include "text/path.hpp"

namespace dockhew::inline model {
namespace {

// Calls `visit` with the pattern of each line with '!', cleaned, until it answers true. Returns where that line begins.
template <typename Visit>
std::size_t find_exception(std::string_view text, const Visit& visit) {
  for (std::size_t at = 0; at < text.size();) {
    const auto newline = std::min(text.find('\n', at), text.size());
    auto kept = text.substr(at, newline - at);
    if (kept.starts_with('!')) {
      while (kept.ends_with('\r') || kept.ends_with(' ')) kept.remove_suffix(1);
      auto path = clean_path(kept.substr(1));
      if (path.starts_with('/')) path.erase(0, 1);
      if (visit(path)) return at;
    }
    at = newline + 1;
  }
  return text.npos;
}

// Where the first line with '!' begins.
std::size_t first_exception(std::string_view text) {
  if (text.starts_with('!')) return 0;
  const auto at = text.find("\n!");
  return at == text.npos ? at : at + 1;
}

}  // namespace

std::string with_ignored(std::string_view text, std::span<const std::string> lines) {
  const std::string_view end = text.find("\r\n") != text.npos ? "\r\n" : "\n";
  std::string added;
  for (const auto& line : lines) added.append(line).append(end);
  const auto undone = find_exception(text, [&](const std::string& kept) {
    return std::ranges::any_of(lines, [&](const std::string& line) { return glob_match_above(line, kept); });
  });
  if (undone != text.npos) {
    const auto at = first_exception(text);
    return std::string(text.substr(0, at)) + added + std::string(text.substr(at));
  }
  std::string result(text);
  if (!result.empty() && !result.ends_with('\n')) result += end;
  return result + added;
}

bool names_exception(std::string_view text, std::string_view path) {
  return find_exception(text, [&](const std::string& kept) { return glob_match(kept, path); }) != text.npos;
}

}  // namespace dockhew::inline model
