#include "syntax/array_attempt.hpp"

#include <algorithm>

#include "syntax/arguments.hpp"

namespace dockhew::inline syntax {
namespace {

struct Quotes {
  std::string_view opening, closing, fault;
};
constexpr Quotes kinds[] = {
    {"\"", "\"", ""},
    {"'", "'", "its words have single quotes"},
    {"\u201C", "\u201D", "its words have typographic quotes"},
    {"\u201D", "\u201D", "its words have typographic quotes"},
    {"\u2018", "\u2019", "its words have typographic quotes"},
    {"\u2019", "\u2019", "its words have typographic quotes"},
};

void skip_blanks(std::string_view& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  text.remove_prefix(first == text.npos ? text.size() : first);
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// One word in quotes of any kind; nothing where there is none, or it would mean something else in JSON.
std::optional<std::string> take_word(std::string_view& text, std::string& fault) {
  for (const auto& quotes : kinds) {
    if (!text.starts_with(quotes.opening)) continue;
    const auto begin = quotes.opening.size(), end = text.find(quotes.closing, begin);
    if (end == text.npos) return std::nullopt;
    std::string word(text.substr(begin, end - begin));
    const auto is_special = [](char c) { return c == '\\' || c == '"' || static_cast<unsigned char>(c) < ' '; };
    if (std::ranges::any_of(word, is_special)) return std::nullopt;
    if (fault.empty()) fault = quotes.fault;
    text.remove_prefix(end + quotes.closing.size());
    return word;
  }
  return std::nullopt;
}

// What stands behind a quote that nothing closes, up to the bracket, where it is one plain word: `["npm", "start]`.
std::optional<std::string> take_unclosed_word(std::string_view& text) {
  if (!text.starts_with('"')) return std::nullopt;
  auto rest = text.substr(1);
  const auto last = rest.find_last_not_of(" \t\r\n");
  rest = rest.substr(0, last == rest.npos ? 0 : last + 1);
  const bool has_bracket = rest.ends_with(']');
  if (has_bracket) rest.remove_suffix(1);
  const auto is_other = [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '"' || c == '\'' || c == '\\' || c == ',';
  };
  if (rest.empty() || std::ranges::any_of(rest, is_other)) return std::nullopt;
  text = has_bracket ? "]" : "";
  return std::string(rest);
}

// A word without quotes: `$PORT`, `8080`, `app.py`.
std::optional<std::string> take_bare_word(std::string_view& text) {
  constexpr std::string_view others = "$_./:-{}=@%+~";
  const auto end = std::ranges::find_if_not(text, [&](char c) {
    return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') || others.find(c) != others.npos;
  });
  if (end == text.begin()) return std::nullopt;
  std::string word(text.begin(), end);
  text.remove_prefix(word.size());
  return word;
}

}  // namespace

std::optional<ArrayAttempt> read_array_attempt(std::string_view text) {
  if (parse_json_array(text)) return std::nullopt;
  ArrayAttempt attempt;
  std::string punctuation, bare;
  skip_blanks(text);
  if (!take(text, "[")) return std::nullopt;
  // `[` with a blank behind it is the command.
  bool comma = true, certain = !text.empty() && text[0] != ' ' && text[0] != '\t';
  // Behind a blank, a quote without its bracket may be a test that goes on: `[ "$A" = b`.
  const bool begins_word = text.starts_with('"');
  for (skip_blanks(text); !take(text, "]"); skip_blanks(text)) {
    if (text.empty()) {
      if (!begins_word) return std::nullopt;
      punctuation = "its bracket is not closed";
      break;
    }
    auto word = take_word(text, attempt.fault);
    if (!word && begins_word) {
      word = take_unclosed_word(text);
      if (word) attempt.fault = "a quote is not closed";
    }
    if (word) {
      certain = true;
    } else {
      word = take_bare_word(text);
      if (!word) return std::nullopt;
      if (bare.empty()) bare = *word;
      if (attempt.variable.empty() && word->find('$') != word->npos) attempt.variable = *word;
    }
    if (!comma) punctuation = "a comma is missing";
    attempt.words.push_back(std::move(*word));
    skip_blanks(text);
    comma = take(text, ",");
  }
  skip_blanks(text);
  if (attempt.words.empty()) return std::nullopt;
  if (!text.empty()) {  // a comment, which only a line of its own can have
    const bool is_array = certain && (begins_word || attempt.words.size() > 1) && punctuation.empty() && !comma;
    if (!text.starts_with('#') || text.find('\n') != text.npos || !bare.empty() || !is_array) return std::nullopt;
    attempt.comment = text.substr(0, text.find_last_not_of(" \t\r") + 1);
    if (attempt.fault.empty()) attempt.fault = "a comment stands behind it";
    return attempt;
  }
  // Of words without quotes, only the commas tell that no test is meant.
  if (!bare.empty() && (!punctuation.empty() || !certain || attempt.words.size() < 2)) return std::nullopt;
  if (comma && punctuation.empty()) punctuation = "there is a comma after its last word";
  if (!bare.empty()) attempt.fault = "`" + bare + "` has no double quotes";
  if (attempt.fault.empty()) attempt.fault = punctuation;
  return attempt.fault.empty() ? std::nullopt : std::optional(std::move(attempt));
}

}  // namespace dockhew::inline syntax
