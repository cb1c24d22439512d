#include "syntax/word_lexer.hpp"

#include <algorithm>

#include "text/bytes.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline syntax {
namespace {

constexpr char32_t end_of_text = 0xFFFFFFFF;

struct Words {
  std::string word;
  std::vector<std::string> words;
  bool in_word = false;

  void add_char(std::string_view bytes, char32_t rune) {
    if (!is_unicode_space(rune)) return add_raw(bytes);
    if (!in_word || word.empty()) return;
    words.push_back(std::move(word));
    word.clear();
    in_word = false;
  }
  void add_raw(std::string_view bytes) {
    word += bytes;
    in_word = true;
  }
  void add_string(std::string_view text) {
    while (!text.empty()) {
      // Values are long, and mostly of this.
      if (const auto plain = plain_prefix(text); plain > 0) {
        add_raw(text.substr(0, plain));
        text.remove_prefix(plain);
        continue;
      }
      const auto rune = decode_rune(text);
      add_char(text.substr(0, rune.size), rune.value);
      text.remove_prefix(rune.size);
    }
  }
  std::vector<std::string> take() {
    if (!word.empty()) words.push_back(std::move(word));
    return std::move(words);
  }
};

// ---- ${name#pattern}, ${name%pattern}, ${name/pattern/replacement}
// ---------------------------------------------------

constexpr std::size_t no_match = std::string_view::npos;

// Where a pattern of `*`, `?` and escaped characters that begins at each position of the text ends: the last place that
// it can, or the first. The pattern is gone through once, from its end, so time is pattern × text. '?' takes one rune.
std::vector<std::size_t> match_ends(std::string_view pattern, std::string_view text, bool last) {
  std::vector<std::string_view> elements;
  while (!pattern.empty()) {
    const std::size_t size = pattern[0] == '\\' && pattern.size() > 1 ? 2 : 1;
    elements.push_back(pattern.substr(0, size));
    pattern.remove_prefix(size);
  }
  std::vector<std::size_t> ends(text.size() + 1);
  for (std::size_t i = 0; i < ends.size(); ++i) ends[i] = i;
  const auto better = [&](std::size_t a, std::size_t b) {
    return a == no_match ? b : b == no_match ? a : last ? std::max(a, b) : std::min(a, b);
  };
  for (auto element = elements.rbegin(); element != elements.rend(); ++element) {
    if (*element == "*") {
      for (std::size_t i = text.size(); i-- > 0;) ends[i] = better(ends[i], ends[i + 1]);
      continue;
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
      const auto next = *element == "?" ? i + decode_rune(text.substr(i)).size : i + 1;
      ends[i] = *element == "?" || text[i] == element->back() ? ends[next] : no_match;
    }
    ends[text.size()] = no_match;
  }
  return ends;
}

std::string trim_prefix(std::string_view pattern, std::string_view value, bool longest) {
  const auto end = match_ends(pattern, value, longest)[0];
  return std::string(value.substr(end == no_match ? 0 : end));
}

std::string trim_suffix(std::string_view pattern, std::string_view value, bool longest) {
  const auto ends = match_ends(pattern, value, true);
  std::size_t keep = value.size();
  for (std::size_t start = ends.size(); start-- > 0;) {
    const bool inside_rune = start < value.size() && (static_cast<unsigned char>(value[start]) & 0xC0) == 0x80;
    if (ends[start] != value.size() || inside_rune) continue;
    keep = start;
    if (!longest) break;
  }
  return std::string(value.substr(0, keep));
}

std::string replace(std::string_view pattern, std::string_view value, std::string_view replacement, bool all) {
  const auto ends = match_ends(pattern, value, true);
  std::string out;
  std::size_t position = 0;
  while (position <= value.size()) {
    const auto end = ends[position];
    if (end != no_match) {
      out += replacement;
      const bool empty = end == position;
      if (empty && position < value.size()) out += value[position];
      position = empty ? position + 1 : end;
      if (!all) break;
      if (position == value.size() && !empty) break;
    } else {
      if (position < value.size()) out += value[position];
      ++position;
    }
  }
  if (position < value.size()) out += value.substr(position);
  return out;
}

class Lexer {
 public:
  Lexer(std::string_view text, const VariableLookup& lookup, LexOptions options)
      : rest_(text), lookup_(lookup), options_(options) {}

  LexResult run(std::string_view source) {
    Words words;
    LexResult result;
    result.text = process(end_of_text, options_.raw_escapes, options_.split ? &words : nullptr);
    result.words = words.take();
    if (!error_.empty()) result.error = "failed to process " + go_quote(source) + ": " + error_;
    result.missing_value = missing_value_;
    result.beyond_limits = beyond_limits_;
    return result;
  }

 private:
  static bool is_plain(char c) { return ' ' < c && c < 0x7F; }  // and neither blank nor part of a longer rune

  char32_t peek() const {
    if (rest_.empty()) return end_of_text;
    return is_plain(rest_[0]) ? static_cast<char32_t>(rest_[0]) : decode_rune(rest_).value;
  }
  std::string_view next() {  // the bytes of the next rune; nothing at the end
    if (rest_.empty()) return {};
    return take(is_plain(rest_[0]) ? 1 : decode_rune(rest_).size);
  }
  std::string_view take(std::size_t size) {
    const auto bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return bytes;
  }
  // What stands for itself up to the next quote, escape or variable: most of a text does.
  std::string_view next_plain(char32_t stop) {
    std::size_t size = 0;
    while (size < rest_.size() && is_plain(rest_[size]) && rest_[size] != '$' && rest_[size] != '\'' &&
           rest_[size] != '"' && rest_[size] != options_.escape && static_cast<char32_t>(rest_[size]) != stop)
      ++size;
    return take(size);
  }
  // A long value in many braces is not copied at each of them.
  static void append(std::string& out, std::string part) {
    if (out.empty()) out = std::move(part);
    else out += part;
  }
  bool is_escape(std::string_view bytes) const { return bytes.size() == 1 && bytes[0] == options_.escape; }
  std::string fail(std::string message) {
    if (error_.empty()) error_ = std::move(message);
    return {};
  }

  // ENV A=$A$A doubles, and so does a replacement inside a replacement, so there must be a limit. BuildKit has none.
  std::string stop_here(std::string message) {
    beyond_limits_ |= error_.empty();
    return fail(std::move(message));
  }
  std::string too_long() { return stop_here("its variables are too long"); }

  std::string process(char32_t stop, bool raw_escapes, Words* words) {
    if (depth_ == limits::deepest_nesting) return stop_here("nested too deeply");
    ++depth_;
    auto text = read(stop, raw_escapes, words);
    --depth_;
    return text;
  }

  std::string read(char32_t stop, bool raw_escapes, Words* words) {
    const bool saved = options_.raw_escapes;
    options_.raw_escapes = raw_escapes;
    std::string out;
    bool stopped = stop == end_of_text;
    while (!rest_.empty() && error_.empty()) {
      if (const auto plain = next_plain(stop); !plain.empty()) {
        out += plain;
        if (words != nullptr) words->add_raw(plain);
        continue;
      }
      const auto rune = peek();
      if (stop != end_of_text && rune == stop) {
        next();
        stopped = true;
        break;
      }
      if (rune == '$') {
        auto value = dollar();
        if (words != nullptr) words->add_string(value);
        append(out, std::move(value));
      } else if (!options_.quotes_are_text && (rune == '\'' || rune == '"')) {
        auto value = rune == '\'' ? single_quoted() : double_quoted();
        if (words != nullptr) words->add_raw(value);
        append(out, std::move(value));
      } else {
        auto bytes = next();
        if (is_escape(bytes)) {
          if (options_.raw_escapes) {
            if (words != nullptr) words->add_raw(bytes);
            out += bytes;
          }
          bytes = next();
          if (bytes.empty()) break;
          if (words != nullptr) words->add_raw(bytes);
        } else if (words != nullptr) {
          words->add_char(bytes, rune);
        }
        out += bytes;
      }
    }
    options_.raw_escapes = saved;
    if (!stopped && error_.empty()) {
      std::string wanted;
      append_rune(wanted, stop);
      fail("unexpected end of statement while looking for matching " + wanted);
    }
    return out;
  }

  std::string single_quoted() {
    std::string out;
    const auto open = next();
    if (options_.raw_quotes) out += open;
    while (!rest_.empty()) {
      out += next_plain(end_of_text);
      const auto bytes = next();
      if (bytes == "'") {
        if (options_.raw_quotes) out += bytes;
        return out;
      }
      out += bytes;
    }
    return fail("unexpected end of statement while looking for matching single-quote");
  }

  std::string double_quoted() {
    std::string out;
    const auto open = next();
    if (options_.raw_quotes) out += open;
    while (!rest_.empty() && error_.empty()) {
      out += next_plain(end_of_text);
      if (rest_.empty()) break;
      if (peek() == '"') {
        const auto close = next();
        if (options_.raw_quotes) out += close;
        return out;
      }
      if (peek() == '$') {
        append(out, dollar());
        continue;
      }
      auto bytes = next();
      if (is_escape(bytes)) {
        if (options_.raw_escapes) out += bytes;
        if (rest_.empty()) continue;
        const auto following = peek();
        const bool special =
            following == '"' || following == '$' || following == static_cast<char32_t>(options_.escape);
        if (special) bytes = next();
        else if (options_.raw_escapes) continue;
      }
      out += bytes;
    }
    if (!error_.empty()) return out;
    return fail("unexpected end of statement while looking for matching double-quote");
  }

  static bool is_digit(char32_t rune) { return '0' <= rune && rune <= '9'; }
  static bool is_name_rune(char32_t rune) {  // letters beyond ASCII count as letters
    return ('a' <= rune && rune <= 'z') || ('A' <= rune && rune <= 'Z') || is_digit(rune) || rune == '_' ||
           (rune >= 0xAA && rune != end_of_text && rune != 0xFFFD && !is_unicode_space(rune));
  }

  std::string name() {
    std::string out;
    if (constexpr std::u32string_view special = U"@*#?-$!"; special.find(peek()) != special.npos) return out += next();
    const bool number = is_digit(peek());
    const auto begin = rest_;
    while (!rest_.empty() && (number ? is_digit(peek()) : is_name_rune(peek()))) next();
    return std::string(begin.substr(0, begin.size() - rest_.size()));
  }

  std::optional<std::string> value_of(const std::string& name) {
    auto value = lookup_(name);
    if (value && !has_room(*value)) value.reset();
    return value;
  }
  bool has_room(std::string_view expanded) {
    expanded_ += expanded.size();
    if (expanded_ > options_.longest_value) too_long();
    return expanded_ <= options_.longest_value;
  }

  std::string dollar() {
    next();
    if (peek() != '{') {
      const auto variable = name();
      if (variable.empty()) return "$";
      auto value = value_of(variable);
      if (!value && options_.keep_unset) return "$" + variable;
      return std::move(value).value_or("");
    }
    next();
    if (rest_.empty()) return fail("syntax error: missing '}'");
    if (peek() == '{' || peek() == '}' || peek() == ':') return fail("syntax error: bad substitution");
    const auto variable = name();
    if (rest_.empty()) return fail("unsupported modifier (\xEF\xBF\xBD) in substitution");
    auto modifier = peek();
    std::string written(next());
    bool empty_is_unset = false;
    if (modifier == '}') {
      auto value = value_of(variable);
      if (!value && options_.keep_unset) return "${" + variable + "}";
      return std::move(value).value_or("");
    }
    if (modifier == '/') return substitution(variable);
    if (modifier == ':') {
      empty_is_unset = true;
      modifier = peek();
      written += next();
    }
    const bool trims = modifier == '#' || modifier == '%';
    const bool known = modifier == '+' || modifier == '-' || modifier == '?' || trims;
    if (modifier == end_of_text) written += "\xEF\xBF\xBD";
    // After a colon, BuildKit reads the word, and checks whether the variable is set, before it looks at the modifier.
    if ((!known && !empty_is_unset) || (empty_is_unset && trims))
      return fail("unsupported modifier (" + written + ") in substitution");
    auto word = process('}', trims, nullptr);
    if (!error_.empty()) {
      if (rest_.empty()) error_ = "syntax error: missing '}'";
      return {};
    }
    auto value = value_of(variable);
    const bool set = value && !(empty_is_unset && value->empty());
    if (!value && options_.keep_unset) return "${" + variable + written + word + "}";
    if (!known) return fail("unsupported modifier (" + written + ") in substitution");
    if (modifier == '-') return set ? std::move(*value) : std::move(word);
    if (modifier == '+') return set ? std::move(word) : "";
    if (modifier == '?') {
      if (set) return std::move(*value);
      if (word.empty()) word = !value ? "is not allowed to be unset" : "is not allowed to be empty";
      missing_value_ |= error_.empty();
      return fail(variable + ": " + word);
    }
    std::string_view pattern = word;
    const bool longest = !pattern.empty() && static_cast<char32_t>(pattern[0]) == modifier;
    if (longest) pattern.remove_prefix(1);
    if (value && !can_match(pattern, *value)) return too_long();
    return modifier == '#' ? trim_prefix(pattern, value.value_or(""), longest)
                           : trim_suffix(pattern, value.value_or(""), longest);
  }

  std::string substitution(const std::string& variable) {
    const bool all = peek() == '/';
    if (all) next();
    const auto pattern = process('/', true, nullptr);
    if (!error_.empty()) {
      if (rest_.empty()) error_ = "syntax error: missing '/' in ${}";
      return {};
    }
    const auto replacement = process('}', true, nullptr);
    if (!error_.empty()) {
      if (rest_.empty()) error_ = "syntax error: missing '}'";
      return {};
    }
    const auto value = value_of(variable);
    if (!value && options_.keep_unset) return "${" + variable + (all ? "//" : "/") + pattern + "/" + replacement + "}";
    const auto source = value.value_or("");
    if (!can_match(replacement, source) || !can_match(pattern, source)) return too_long();
    auto replaced = replace(pattern, source, replacement, all);
    return has_room(replaced) ? replaced : std::string();
  }

  // Whether the pattern, or what replaces it, may be tried at each place of the value.
  static bool can_match(std::string_view pattern, std::string_view value) {
    return pattern.size() <= limits::most_matching / (value.size() + 1);
  }

  std::string_view rest_;
  const VariableLookup& lookup_;
  LexOptions options_;
  std::string error_;
  bool missing_value_ = false;
  bool beyond_limits_ = false;
  unsigned depth_ = 0;
  std::size_t expanded_ = 0;  // bytes that came from variables so far
};

}  // namespace

LexResult lex_word(std::string_view word, const VariableLookup& lookup, LexOptions options) {
  return Lexer(word, lookup, options).run(word);
}

}  // namespace dockhew::inline syntax
