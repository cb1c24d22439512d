// Grammars for what follows an instruction's keyword: flags, JSON arrays, name/value words. They run over logical text.
// Facts: BuildKit's split_command.go and line_parsers.go, Go's encoding/json. Only arguments.cpp and the grammar tests
// include this header.
#pragma once

#include "syntax/tree_builder.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline syntax {

enum class ArgumentKind : std::uint8_t { list, flag, end_of_flags, string, other_value, word, blank, token };

struct ArgumentBuilder : TreeBuilder<ArgumentKind> {
  char escape = '\\';
};

namespace argument_grammar {

using namespace tao::pegtl;

struct escape {  // the file's escape character
  using rule_t = escape;
  using subs_t = empty_list;
  template <apply_mode, rewind_mode, template <typename...> class, template <typename...> class, typename In,
            typename... States>
  static bool match(In& in, ArgumentBuilder& builder, States&&...) {
    if (in.empty() || in.peek_char() != builder.escape) return false;
    in.bump_in_this_line(1);
    return true;
  }
};

// ---- flags: bytes, read as Latin-1 by BuildKit, so 0x85 and 0xA0 count as white space -------------------------------

struct flag_space : one<' ', '\t', '\n', '\v', '\f', '\r', '\x85', '\xA0'> {};
struct flag_escaped : seq<escape, opt<any>> {};
template <char Quote>
struct flag_quoted : seq<one<Quote>, until<sor<one<Quote>, eof>, sor<flag_escaped, any>>> {};
struct flag_byte : sor<flag_quoted<'"'>, flag_quoted<'\''>, flag_escaped, seq<not_at<flag_space>, any>> {};
struct end_of_flags : seq<string<'-', '-'>, at<sor<flag_space, eof>>> {
  static constexpr auto kind = ArgumentKind::end_of_flags;
};
struct flag : seq<string<'-', '-'>, star<flag_byte>> {
  static constexpr auto kind = ArgumentKind::flag;
};
struct flag_list : seq<star<star<flag_space>, not_at<end_of_flags>, flag>, star<flag_space>, opt<end_of_flags>> {
  static constexpr auto kind = ArgumentKind::list;
};

// ---- JSON: strict, as Go reads it
// ------------------------------------------------------------------------------------

struct json_space : star<one<' ', '\t', '\n', '\r'>> {};
struct json_escape : seq<one<'\\'>, sor<one<'"', '\\', '/', 'b', 'f', 'n', 'r', 't'>, seq<one<'u'>, rep<4, xdigit>>>> {
};
struct json_quoted
    : seq<one<'"'>, until<one<'"'>, sor<json_escape, seq<not_at<one<'\\'>>, not_range<'\x00', '\x1F'>>>>> {};
struct json_string : json_quoted {
  static constexpr auto kind = ArgumentKind::string;
};
struct json_digits : plus<digit> {};
struct json_number : seq<opt<one<'-'>>, sor<one<'0'>, seq<range<'1', '9'>, star<digit>>>, opt<one<'.'>, json_digits>,
                         opt<one<'e', 'E'>, opt<one<'+', '-'>>, json_digits>> {};
struct json_value;
template <typename Item>
struct json_items : opt<Item, json_space, star<one<','>, json_space, Item, json_space>> {};
struct json_member : seq<json_quoted, json_space, one<':'>, json_space, json_value> {};
struct json_object : seq<one<'{'>, json_space, json_items<json_member>, one<'}'>> {};
struct json_inner_array : seq<one<'['>, json_space, json_items<json_value>, one<']'>> {
  static constexpr bool nests = true;
};
struct json_word : sor<string<'t', 'r', 'u', 'e'>, string<'f', 'a', 'l', 's', 'e'>, string<'n', 'u', 'l', 'l'>> {};
struct json_value : sor<json_quoted, json_number, json_object, json_inner_array, json_word> {
  static constexpr bool nests = true;
};
struct json_other : seq<not_at<one<'"'>>, json_value> {
  static constexpr auto kind = ArgumentKind::other_value;
};
struct json_element : sor<json_string, json_other> {};
struct json_array : seq<one<'['>, json_space, json_items<json_element>, one<']'>, json_space, eof> {
  static constexpr auto kind = ArgumentKind::list;
};

// ---- words of ENV, LABEL and ARG: quotes stay in the word, an unterminated one runs to the end ----------------------

struct word_space {
  using rule_t = word_space;
  using subs_t = empty_list;
  template <apply_mode, rewind_mode, template <typename...> class, template <typename...> class, typename In,
            typename... States>
  static bool match(In& in, States&&...) {
    if (in.empty()) return false;
    const auto rune = decode_rune({in.current(), in.size()});
    if (!is_unicode_space(rune.value)) return false;
    in.bump(rune.size);
    return true;
  }
};
struct word_escaped : seq<escape, opt<any>> {};
struct word_single : seq<one<'\''>, until<sor<one<'\''>, eof>>> {};
struct word_double : seq<one<'"'>, until<sor<one<'"'>, eof>, sor<word_escaped, any>>> {};
struct word_byte : sor<word_single, word_double, word_escaped, seq<not_at<word_space>, any>> {};
struct word : plus<word_byte> {
  static constexpr auto kind = ArgumentKind::word;
};
struct word_list : seq<star<word_space>, star<word, star<word_space>>, eof> {
  static constexpr auto kind = ArgumentKind::list;
};

}  // namespace argument_grammar
}  // namespace dockhew::inline syntax

namespace tao::pegtl {
template <typename Name>
struct analyze_traits<Name, dockhew::argument_grammar::escape> : analyze_any_traits<> {};
template <typename Name>
struct analyze_traits<Name, dockhew::argument_grammar::word_space> : analyze_any_traits<> {};
}  // namespace tao::pegtl
