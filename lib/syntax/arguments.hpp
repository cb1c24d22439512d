// Splits the text after a keyword into flags, JSON elements or words. Spans refer to the given text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/span.hpp"

namespace dockhew::inline syntax {

struct FlagWord {
  Span span;
  std::string text;  // quotes and escapes removed, as BuildKit compares it: "--mount=type=cache,target=/x"
};

struct FlagList {
  std::vector<FlagWord> flags;
  std::uint32_t rest = 0;  // where the arguments begin
};

// The flags at the front of `text`, for any instruction.
FlagList split_flags(std::string_view text, char escape);

struct JsonArray {
  struct Element {
    Span span;  // with the quotes
    std::string text;
  };
  std::vector<Element> elements;
  bool only_strings = true;
};

// `text` as one JSON array, or nothing when it is not JSON; the builder then uses the shell form.
std::optional<JsonArray> parse_json_array(std::string_view text);

// The words of ENV, LABEL and ARG, quotes kept.
std::vector<Span> split_words(std::string_view text, char escape);

// Words between blanks, without any quoting: FROM, EXPOSE, COPY, ADD, VOLUME.
std::vector<Span> split_blanks(std::string_view text);

// The separators of BuildKit's regular expression, not the Unicode ones.
inline bool is_argument_blank(char c) { return c == ' ' || c == '\t' || c == '\v' || c == '\f' || c == '\r'; }

}  // namespace dockhew::inline syntax
