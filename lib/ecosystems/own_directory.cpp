#include "ecosystems/own_directory.hpp"

#include <optional>

#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./-";

// The script itself: `"$0"`, `${BASH_SOURCE[0]}`. Takes it off the text.
bool take_itself(std::string_view& text) {
  constexpr std::string_view names[] = {"${BASH_SOURCE[0]}", "${BASH_SOURCE}", "$BASH_SOURCE", "${0}", "$0"};
  auto rest = text;
  const bool quoted = rest.starts_with('"');
  if (quoted) rest.remove_prefix(1);
  for (const auto name : names) {
    if (!rest.starts_with(name)) continue;
    rest.remove_prefix(name.size());
    if (quoted && !rest.starts_with('"')) return false;
    if (quoted) rest.remove_prefix(1);
    text = rest;
    return true;
  }
  return false;
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

void take_blanks(std::string_view& text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
}

// How many bytes `$(dirname "$0")` has at the start of a text; none where it is something else.
std::size_t size_of_dirname(std::string_view text) {
  auto rest = text;
  if (take(rest, "${0%/*}")) return text.size() - rest.size();
  if (!take(rest, "$(")) return 0;
  take_blanks(rest);
  if (!take(rest, "dirname ")) return 0;
  take_blanks(rest);
  if (take(rest, "--")) take_blanks(rest);
  if (!take_itself(rest)) return 0;
  take_blanks(rest);
  return take(rest, ")") ? text.size() - rest.size() : 0;
}

struct Place {
  std::string path;
  std::size_t size = 0;  // of what says it
};

// `$(cd "/app/scripts/.." && pwd)`, whose path is plain by now.
std::optional<Place> place_of_cd(std::string_view text) {
  auto rest = text;
  if (!take(rest, "$(")) return std::nullopt;
  take_blanks(rest);
  if (!take(rest, "cd ")) return std::nullopt;
  take_blanks(rest);
  if (take(rest, "-P") || take(rest, "--")) take_blanks(rest);
  std::string path;
  for (bool quoted = false; !rest.empty(); rest.remove_prefix(1)) {
    if (rest[0] == '"') quoted = !quoted;
    else if (plain.find(rest[0]) != plain.npos) path += rest[0];
    else break;
  }
  take_blanks(rest);
  for (const auto quiet : {"> /dev/null", ">/dev/null", "&> /dev/null", "&>/dev/null", "2>&1", "2>/dev/null"})
    if (take(rest, quiet)) take_blanks(rest);
  if (!path.starts_with('/') || (!take(rest, "&&") && !take(rest, ";"))) return std::nullopt;
  take_blanks(rest);
  if (!take(rest, "pwd")) return std::nullopt;
  take_blanks(rest);
  if (take(rest, "-P")) take_blanks(rest);
  if (!take(rest, ")")) return std::nullopt;
  return Place{clean_path(path), text.size() - rest.size()};
}

}  // namespace

std::string with_own_directory(std::string text, std::string_view directory) {
  if (directory.find_first_not_of(plain) != directory.npos) return text;
  std::string named, result;
  for (std::size_t i = 0; i < text.size();) {
    const auto size = text[i] == '$' ? size_of_dirname(std::string_view(text).substr(i)) : 0;
    if (size == 0) named += text[i++];
    else named += directory, i += size;
  }
  if (named.size() == text.size() && named == text) return text;
  for (std::size_t i = 0; i < named.size();) {
    const auto place = named[i] == '$' ? place_of_cd(std::string_view(named).substr(i)) : std::nullopt;
    if (!place) result += named[i++];
    else result += place->path, i += place->size;
  }
  return result;
}

}  // namespace dockhew::inline ecosystems
