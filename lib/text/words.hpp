// Words and lines of text without any shell rules: no quotes, no escapes. And the reverse: a word as a shell takes it,
// and words as a sentence lists them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dockhew::inline text {

// Parts of `text`, pointing into it, without the spaces and tabs between them. None is empty.
std::vector<std::string_view> split_words(std::string_view text);

// The lines of `text`, pointing into it, without their line feeds; a carriage return stays.
std::vector<std::string_view> split_lines(std::string_view text);

// The texts between two double quotes on one line, pointing into `source`, without the quotes: what looks like the
// strings of a program in most languages. Escapes are not known.
std::vector<std::string_view> texts_in_quotes(std::string_view source);

// Without the quotation marks around it, of either kind; a text without them as it is.
std::string_view unquoted(std::string_view text);

// Where `name` stands in `text` at or behind `from` as a name of its own, without an ASCII letter, a digit or one of
// `joining` on either side; npos where it does not.
std::size_t find_name(std::string_view text, std::string_view name, std::string_view joining, std::size_t from = 0);

// In single quotes, so that a shell reads it as one word and changes nothing in it.
std::string quoted_for_shell(std::string_view word);

// "`a`", "`a` and `b`", "`a`, `b` and 2 more": at most `most` parts, of which there is at least one.
std::string list_quoted(std::span<const std::string> names, std::size_t most);

// The text on one line, with one blank between words; after about `most` bytes it ends with the word, and "…" follows.
std::string first_words(std::string_view text, std::size_t most);

}  // namespace dockhew::inline text
