// UTF-8 as Go reads it, because BuildKit is the language: an invalid byte is the rune U+FFFD of size one, and "white
// space" means Unicode's, so that a no-break space before FROM is trimmed here exactly when the builder trims it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dockhew::inline text {

struct Rune {
  char32_t value = 0;
  std::size_t size = 0;  // bytes consumed; 1 for an invalid byte
  bool valid = true;
};

Rune decode_rune(std::string_view text);  // of a non-empty text
void append_rune(std::string& out, char32_t rune);
bool is_unicode_space(char32_t rune);  // Go's unicode.IsSpace

std::string_view trim_left_unicode(std::string_view text);
std::string_view trim_right_unicode(std::string_view text);
std::string_view trim_unicode(std::string_view text);

std::string to_lower_ascii(std::string_view text);
std::string to_upper_ascii(std::string_view text);
bool equals_ignoring_case(std::string_view a, std::string_view b);  // ASCII only

// Text made safe to print on a terminal: control characters, escape sequences and invalid bytes become visible
// (`\x1b`, `\u202e`), so a Dockerfile cannot move the cursor, reorder what is shown or command a CI service. Tabs stay.
std::string escape_for_terminal(std::string_view text);

// Go's strconv.Quote, used by BuildKit's tree dump.
std::string go_quote(std::string_view text);

}  // namespace dockhew::inline text
