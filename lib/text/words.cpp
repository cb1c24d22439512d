#include "text/words.hpp"

#include <algorithm>

namespace dockhew::inline text {

std::vector<std::string_view> split_words(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find_first_of(" \t", begin), text.size());
    if (end > begin) words.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

std::vector<std::string_view> texts_in_quotes(std::string_view source) {
  std::vector<std::string_view> texts;
  for (auto at = source.find('"'); at != source.npos;) {
    const auto end = source.find_first_of("\"\n", at + 1);
    if (end == source.npos) break;
    if (source[end] == '"') texts.push_back(source.substr(at + 1, end - at - 1));
    at = source.find('"', end + 1);
  }
  return texts;
}

std::size_t find_name(std::string_view text, std::string_view name, std::string_view joining, std::size_t from) {
  const auto is_joined = [&](char c) {
    return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') ||
           joining.find(c) != joining.npos;
  };
  for (auto at = text.find(name, from); at != text.npos; at = text.find(name, at + 1)) {
    const auto end = at + name.size();
    if ((at == 0 || !is_joined(text[at - 1])) && (end == text.size() || !is_joined(text[end]))) return at;
  }
  return text.npos;
}

std::string quoted_for_shell(std::string_view word) {
  std::string text = "'";
  for (const char c : word) {
    if (c == '\'') text += "'\\''";
    else text += c;
  }
  return text + '\'';
}

std::string list_quoted(std::span<const std::string> names, std::size_t most) {
  const auto shown = names.size() <= most ? names.size() : most - 1;
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) {
    const bool last = i + 1 == names.size();
    text.append(i == 0 ? "" : last ? " and " : ", ").append("`" + names[i] + "`");
  }
  return shown == names.size() ? text : text + " and " + std::to_string(names.size() - shown) + " more";
}

std::string first_words(std::string_view text, std::size_t most) {
  std::string out;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find_first_of(" \t\r\n", begin), text.size());
    const auto word = text.substr(begin, end - begin);
    begin = end + 1;
    if (word.empty()) continue;
    if (!out.empty() && out.size() + 1 + word.size() > most) return out + " …";
    if (!out.empty()) out += ' ';
    out += word;
  }
  return out;
}

std::string_view unquoted(std::string_view text) {
  const bool quoted = text.size() > 1 && (text[0] == '"' || text[0] == '\'') && text.back() == text[0];
  return quoted ? text.substr(1, text.size() - 2) : text;
}

}  // namespace dockhew::inline text
