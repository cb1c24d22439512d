#include "edits/copy_line.hpp"

#include <algorithm>

namespace dockhew::inline edits {
namespace {

// Quotes, variables and escapes are read in JSON too, and no file is a heredoc.
bool can_be_source(std::string_view word) {
  return !word.empty() && word.find("<<") == word.npos && word.find_first_of("\"'$\\`") == word.npos &&
         std::ranges::none_of(word, [](unsigned char c) { return c < ' ' || c == 0x7F; });
}

// A first word that begins like a flag or like JSON is none of these in JSON.
bool needs_json(std::string_view word) {
  return word.find(' ') != word.npos || word.starts_with("--") || word.starts_with('[');
}

}  // namespace

std::optional<std::string> copy_line(std::string_view flags, const std::vector<std::string>& sources,
                                     const std::string& destination) {
  if (!std::ranges::all_of(sources, can_be_source)) return std::nullopt;
  std::string text = "COPY " + std::string(flags);
  if (std::ranges::none_of(sources, needs_json) && destination.find(' ') == destination.npos) {
    for (const auto& source : sources) text += source + ' ';
    return text + destination;
  }
  if (!can_be_source(destination)) return std::nullopt;
  text += '[';
  for (const auto& source : sources) text += '"' + source + "\", ";
  return text + '"' + destination + "\"]";
}

bool can_be_copied(std::string_view path) { return can_be_source(path) && path.find_first_of("*?[") == path.npos; }

}  // namespace dockhew::inline edits
