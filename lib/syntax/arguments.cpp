#include "syntax/arguments.hpp"

#include "syntax/argument_grammar.hpp"

namespace dockhew::inline syntax {
namespace {

namespace pegtl = tao::pegtl;

template <typename Grammar>
bool parse(ArgumentBuilder& builder) {
  const auto text = builder.text;
  pegtl::memory_input<pegtl::tracking_mode::lazy, pegtl::eol::lf, const char*> in(text.data(),
                                                                                  text.data() + text.size(), "");
  return pegtl::parse<Grammar, pegtl::nothing, build>(in, builder) && !builder.too_deep;
}

// BuildKit walks a flag byte by byte and turns each byte into a rune, so "é" comes out as "Ã©". Builds depend on it.
void append_latin1(std::string& out, char byte) { append_rune(out, static_cast<unsigned char>(byte)); }

std::string unquote_flag(std::string_view text, char escape) {
  std::string out;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == escape) {
      if (i + 1 == text.size()) break;
      append_latin1(out, text[++i]);
    } else if (quote == 0 && (text[i] == '"' || text[i] == '\'')) {
      quote = text[i];
    } else if (quote != 0 && text[i] == quote) {
      quote = 0;
    } else {
      append_latin1(out, text[i]);
    }
  }
  return out;
}

unsigned hex_value(std::string_view digits) {
  unsigned value = 0;
  for (const char c : digits) value = value * 16 + static_cast<unsigned>(c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
  return value;
}

std::string unquote_json(std::string_view text) {  // between the quotes
  std::string out;
  while (!text.empty()) {
    if (text[0] != '\\') {
      const auto rune = decode_rune(text);
      append_rune(out, rune.value);
      text.remove_prefix(rune.size);
      continue;
    }
    const char kind = text[1];
    text.remove_prefix(2);
    if (kind != 'u') {
      constexpr std::string_view from = "bfnrt", to = "\b\f\n\r\t";
      const auto i = from.find(kind);
      out += i == from.npos ? kind : to[i];
      continue;
    }
    char32_t rune = hex_value(text.substr(0, 4));
    text.remove_prefix(4);
    if (0xD800 <= rune && rune < 0xE000) {
      const bool pair = rune < 0xDC00 && text.size() >= 6 && text.starts_with("\\u");
      const char32_t low = pair ? hex_value(text.substr(2, 4)) : 0;
      if (0xDC00 <= low && low < 0xE000) {
        rune = 0x10000 + ((rune - 0xD800) << 10) + (low - 0xDC00);
        text.remove_prefix(6);
      } else {
        rune = 0xFFFD;
      }
    }
    append_rune(out, rune);
  }
  return out;
}

}  // namespace

FlagList split_flags(std::string_view text, char escape) {
  FlagList list;
  std::size_t blank = 0;
  while (blank < text.size() && (is_argument_blank(text[blank]) || text[blank] == '\n')) ++blank;
  if (!text.substr(blank).starts_with("--")) {
    list.rest = static_cast<std::uint32_t>(blank);
    return list;
  }
  ArgumentBuilder builder;
  builder.text = text;
  builder.escape = escape;
  parse<argument_grammar::flag_list>(builder);
  for (const auto& node : builder.nodes) {
    list.rest = std::max(list.rest, node.end);
    if (node.kind != ArgumentKind::flag) continue;
    list.flags.push_back(
        {{node.begin, node.end}, unquote_flag(text.substr(node.begin, node.end - node.begin), escape)});
  }
  const auto trimmed = trim_left_unicode(text.substr(list.rest));
  list.rest = static_cast<std::uint32_t>(text.size() - trimmed.size());
  return list;
}

std::optional<JsonArray> parse_json_array(std::string_view text) {
  if (!text.starts_with('[')) return std::nullopt;
  ArgumentBuilder builder;
  builder.text = text;
  if (!parse<argument_grammar::json_array>(builder)) return std::nullopt;
  JsonArray array;
  for (const auto& node : builder.nodes) {
    const Span span{node.begin, node.end};
    if (node.kind == ArgumentKind::other_value) array.only_strings = false;
    if (node.kind == ArgumentKind::string)
      array.elements.push_back({span, unquote_json(text.substr(node.begin + 1, span.size() - 2))});
  }
  return array;
}

std::vector<Span> split_words(std::string_view text, char escape) {
  ArgumentBuilder builder;
  builder.text = text;
  builder.escape = escape;
  parse<argument_grammar::word_list>(builder);
  std::vector<Span> words;
  for (const auto& node : builder.nodes)
    if (node.kind == ArgumentKind::word) words.push_back({node.begin, node.end});
  return words;
}

std::vector<Span> split_blanks(std::string_view text) {
  std::vector<Span> words;
  for (std::uint32_t i = 0; i < text.size();) {
    while (i < text.size() && is_argument_blank(text[i])) ++i;
    const auto begin = i;
    while (i < text.size() && !is_argument_blank(text[i])) ++i;
    if (i > begin) words.push_back({begin, i});
  }
  return words;
}

}  // namespace dockhew::inline syntax
