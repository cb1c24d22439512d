#include "project/mentions.hpp"

#include <algorithm>
#include <array>

#include "files.hpp"
#include "text/utf8.hpp"

namespace dockhew::cli {
namespace {

constexpr std::size_t most_names = 1000, most_words = 100'000, longest_word = 100;

bool is_of_name(char c) {
  return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') || c == '.' || c == '-' || c == '_';
}

bool joins(char c) { return c == '.' || c == '-' || c == '_'; }

// Whether only a part of the name stands here: `Dockerfile.$VARIANT`, `"Dockerfile." + variant`, `*.Dockerfile`. A full
// stop may end a sentence.
bool is_part(std::string_view text, std::size_t begin, std::size_t end) {
  const char before = begin == 0 ? ' ' : text[begin - 1], after = end == text.size() ? ' ' : text[end];
  const bool sentence = text[end - 1] == '.' && (after == ' ' || after == '\n' || after == '\r');
  return before == '$' || before == '*' || before == '}' || before == '%' || after == '$' || after == '*' ||
         after == '{' || after == '%' || joins(text[begin]) || (joins(text[end - 1]) && !sentence);
}

void add_names(std::string_view text, Mentions& mentions) {
  const auto lower = to_lower_ascii(text);
  for (const std::string_view word : {"dockerfile", "containerfile"}) {
    for (auto at = lower.find(word); at != lower.npos; at = lower.find(word, at)) {
      auto begin = at, end = at + word.size();
      while (begin > 0 && is_of_name(text[begin - 1])) --begin;
      while (end < text.size() && is_of_name(text[end])) ++end;
      mentions.unknown |= is_part(text, begin, end) || mentions.names.size() >= most_names;
      if (mentions.unknown) return;
      mentions.names.emplace(text.substr(begin, end - begin));
      at = end;
    }
  }
}

void add_words(std::string_view text, Mentions& mentions) {
  while (!text.empty() && !mentions.unknown) {
    const auto begin = std::ranges::find_if(text, is_of_name);
    text.remove_prefix(static_cast<std::size_t>(begin - text.begin()));
    const auto end = std::ranges::find_if_not(text, is_of_name);
    const auto word = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(word.size());
    if (word.size() > longest_word || mentions.words.contains(word)) continue;
    if (!word.empty()) mentions.words.emplace(word);
    mentions.unknown = mentions.words.size() > most_words;
  }
}

}  // namespace

bool is_document(std::string_view name) {
  constexpr auto endings = std::to_array<std::string_view>({".adoc", ".md", ".mdx", ".org", ".rst", ".txt"});
  return std::ranges::any_of(endings, [&](std::string_view ending) { return name.ends_with(ending); });
}

Mentions read_mentions(std::span<const std::string> files) {
  Mentions mentions;
  for (const auto& file : files) {
    if (mentions.unknown) break;
    const auto read = read_regular_file(file, largest_companion, Links::refused);
    if (read.error.empty()) add_names(read.text, mentions), add_words(read.text, mentions);
    else mentions.unknown = true;
  }
  return mentions;
}

}  // namespace dockhew::cli
