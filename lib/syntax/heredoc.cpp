#include "syntax/heredoc.hpp"

#include "syntax/arguments.hpp"
#include "syntax/keyword.hpp"
#include "syntax/word_lexer.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline syntax {
namespace {

std::optional<std::string> unset(std::string_view) { return std::nullopt; }

// Replaces the blanks between "<<" and a name, so that `<< EOF` stays one word when the line is split.
constexpr char glue = '\x1f';

// ^(\d*)<<(-?)\s*([^<]*)$ and a non-empty name
std::optional<Heredoc> parse_marker(std::string_view word) {
  Heredoc heredoc;
  const auto digits = word.find_first_not_of("0123456789");
  if (digits == word.npos || word.substr(digits, 2) != "<<") return std::nullopt;
  heredoc.fd = word.substr(0, digits);
  word.remove_prefix(digits + 2);
  if (word.starts_with('-')) {
    heredoc.strip_tabs = true;
    word.remove_prefix(1);
  }
  if (word.starts_with(glue)) word.remove_prefix(1);
  if (word.empty() || word.find('<') != word.npos) return std::nullopt;
  // The name is read twice: once as words, quotes kept, and once with them removed. It is one word or none.
  LexOptions raw;
  raw.raw_quotes = raw.keep_unset = raw.split = true;
  const auto words = lex_word(word, unset, raw);
  if (!words.error.empty() || words.words.size() != 1) return std::nullopt;
  LexOptions plain;
  plain.keep_unset = true;
  const auto name = lex_word(word, unset, plain);
  if (!name.error.empty() || name.text.empty()) return std::nullopt;
  heredoc.name = name.text;
  heredoc.expand = words.text.size() == name.text.size();
  return heredoc;
}

// An ONBUILD trigger may contain them too, but not the trigger of a trigger.
bool can_hold_heredocs(std::string_view line, char escape, bool is_trigger = false) {
  const auto head = split_keyword(line);
  const auto keyword = find_keyword(slice(line, head.keyword));
  const auto flags = split_flags(slice(line, head.rest), escape);
  const auto rest = trim_unicode(slice(line, head.rest).substr(flags.rest));
  if (keyword == Keyword::onbuild) return !is_trigger && can_hold_heredocs(rest, escape, true);
  if (keyword != Keyword::run && keyword != Keyword::copy && keyword != Keyword::add) return false;
  return !parse_json_array(rest);
}

std::string glue_markers(std::string_view line) {
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    out += line[i];
    if (i == 0 || line[i] != '<' || line[i - 1] != '<') continue;
    const auto begin = i;
    while (i + 1 < line.size() && std::string_view(" \t\n\f\r").find(line[i + 1]) != std::string_view::npos) ++i;
    if (i > begin && i + 1 < line.size()) out += glue;
  }
  return out;
}

}  // namespace

std::vector<Heredoc> find_heredocs(std::string_view logical_line, char escape) {
  std::vector<Heredoc> heredocs;
  if (!can_hold_heredocs(logical_line, escape)) return heredocs;
  LexOptions options;
  options.raw_quotes = options.raw_escapes = options.keep_unset = options.split = true;
  const auto words = lex_word(glue_markers(logical_line), unset, options);
  if (!words.error.empty()) return heredocs;
  for (const auto& word : words.words)
    if (auto heredoc = parse_marker(word)) heredocs.push_back(std::move(*heredoc));
  return heredocs;
}

}  // namespace dockhew::inline syntax
