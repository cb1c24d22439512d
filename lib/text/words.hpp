// Splits text at its blanks or its line ends without any shell rules: no quotes, no escapes. And the reverse: a word as
// a shell takes it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dockhew::inline text {

// Parts of `text`, pointing into it, without the spaces and tabs between them. None is empty.
std::vector<std::string_view> split_words(std::string_view text);

// The lines of `text`, pointing into it, without their line feeds; a carriage return stays.
std::vector<std::string_view> split_lines(std::string_view text);

// In single quotes, so that a shell reads it as one word and changes nothing in it.
std::string quoted_for_shell(std::string_view word);

// The text on one line, with one blank between words; after about `most` bytes it ends with the word, and "…" follows.
std::string first_words(std::string_view text, std::size_t most);

}  // namespace dockhew::inline text
