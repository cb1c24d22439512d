// The shell grammar. Missing reserved words and operators are recorded and skipped (tree_builder.hpp), and no rule
// reads what nests twice: once a word or a bracket has been read, every rule commits, and what looks ahead only scans,
// with the answer remembered. So time stays linear in the input. Only shell.cpp and the grammar tests include this
// header.
#pragma once

#include <array>
#include <cstring>
#include <string>

#include "syntax/shell.hpp"
#include "syntax/tree_builder.hpp"

namespace dockhew::inline syntax {

struct ShellBuilder : TreeBuilder<ShellKind> {
  struct PendingHeredoc {
    std::string name;
    bool strip_tabs;
    std::uint32_t announced = 0, read = 0;  // what `built` was then
  };
  std::vector<PendingHeredoc> heredocs{};  // in order; bodies follow the next newline
  std::size_t read = 0;                    // how many of their bodies are already read
  bool strip_tabs = false;

  void add(PendingHeredoc heredoc) {
    heredoc.announced = ++built;
    heredocs.push_back(std::move(heredoc));
  }
  [[gnu::noinline]] void discard(Mark mark) {
    while (read > 0 && heredocs[read - 1].read > mark.built) --read;
    while (!heredocs.empty() && heredocs.back().announced > mark.built) heredocs.pop_back();
    TreeBuilder<ShellKind>::discard(mark);
  }

  // The `)` that closes a bracket opened just before this place, backslashes and inner brackets passed over; the end
  // of the text when there is none. All are found when first asked.
  const char* closing_bracket(const char* inside) {
    if (closing_.empty()) find_closing_brackets();
    return text.data() + closing_[at(inside)];
  }
  // The next `]` or newline, or the end. No byte is searched twice.
  const char* subscript_end(const char* inside) {
    const auto position = at(inside);
    if (position < subscript_from_ || subscript_to_ < position || subscript_to_ == 0) {
      subscript_from_ = position;
      subscript_to_ = static_cast<std::uint32_t>(std::min(text.find_first_of("]\n", position), text.size()));
    }
    return text.data() + subscript_to_;
  }

 private:
  void find_closing_brackets() {
    const auto size = static_cast<std::uint32_t>(text.size());
    closing_.assign(text.size() + 1, size);
    std::vector<std::uint32_t> open;
    for (std::uint32_t i = 0; i < size; ++i) {
      if (text[i] == '\\') ++i;
      else if (text[i] == '(') open.push_back(i + 1);
      else if (text[i] == ')' && !open.empty()) {
        closing_[open.back()] = i;
        open.pop_back();
      }
    }
  }

  std::vector<std::uint32_t> closing_{};  // by the place after each `(`
  std::uint32_t subscript_from_ = 0, subscript_to_ = 0;
};

namespace shell_grammar {

using namespace tao::pegtl;
using Kind = ShellKind;

struct command;
struct list;
struct word;
struct compound_list;
struct double_quoted;
struct parameter;
struct command_substitution;
struct backquoted;

// ---- blanks, newlines, comments -------------------------------------------------------------------------------------

struct line_end : sor<one<'\n'>, string<'\r', '\n'>> {};
struct line_continuation : seq<one<'\\'>, line_end> {
  static constexpr bool bare = true;
};
struct blanks : plus<sor<one<' ', '\t'>, line_continuation>> {
  static constexpr auto kind = Kind::blank;
};
struct sp : opt<blanks> {};
struct comment : seq<one<'#'>, until<at<sor<line_end, eof>>>> {
  static constexpr auto kind = Kind::comment;
};
struct heredoc_bodies {
  using rule_t = heredoc_bodies;
  using subs_t = empty_list;
  template <apply_mode A, rewind_mode, template <typename...> class, template <typename...> class, typename In,
            typename... States>
  static bool match(In& in, ShellBuilder& builder, States&&...) {
    if constexpr (A == apply_mode::action) {
      for (; builder.read < builder.heredocs.size(); ++builder.read) {
        auto& heredoc = builder.heredocs[builder.read];
        heredoc.read = ++builder.built;
        const char* const begin = in.current();
        const char* position = begin;
        for (bool terminated = false; position != in.end() && !terminated;) {
          const void* newline = std::memchr(position, '\n', static_cast<std::size_t>(in.end() - position));
          const char* end = newline != nullptr ? static_cast<const char*>(newline) : in.end();
          std::string_view line(position, static_cast<std::size_t>(end - position));
          if (line.ends_with('\r')) line.remove_suffix(1);
          if (heredoc.strip_tabs) line.remove_prefix(std::min(line.find_first_not_of('\t'), line.size()));
          terminated = line == heredoc.name;
          position = newline != nullptr ? end + 1 : in.end();
        }
        if (position != begin) builder.append_leaf(Kind::heredoc_body, begin, position);
        in.bump(static_cast<std::size_t>(position - begin));
      }
    }
    return true;
  }
};
struct newline_character : line_end {
  static constexpr auto kind = Kind::separator;
};
struct newline : seq<newline_character, heredoc_bodies> {};
struct linebreak : star<sor<blanks, newline, comment>> {};

// ---- words ----------------------------------------------------------------------------------------------------------

struct end_single : one<'\''> {
  static constexpr const char* message = "unterminated single quote";
};
struct end_double : one<'"'> {
  static constexpr const char* message = "unterminated double quote";
};
struct end_brace : one<'}'> {
  static constexpr const char* message = "expected `}`";
};
struct end_paren : one<')'> {
  static constexpr const char* message = "expected `)`";
};
struct end_backquote : one<'`'> {
  static constexpr const char* message = "unterminated backquote";
};
struct end_arithmetic : string<')', ')'> {};

// All bytes up to one of these: what plus<not_one<Stops...>> matches, by one table.
template <char... Stops>
struct run_until {
  using rule_t = run_until;
  using subs_t = empty_list;
  static constexpr auto stops = [] {
    std::array<bool, 256> table{};
    ((table[static_cast<unsigned char>(Stops)] = true), ...);
    return table;
  }();
  template <apply_mode, rewind_mode, template <typename...> class, template <typename...> class, typename In,
            typename... States>
  static bool match(In& in, States&&...) {
    const char* position = in.current();
    while (position != in.end() && !stops[static_cast<unsigned char>(*position)]) ++position;
    if (position == in.current()) return false;
    in.bump(static_cast<std::size_t>(position - in.current()));
    return true;
  }
};
struct escaped_character : seq<one<'\\'>, any> {};
struct until_single : until<closing<end_single>> {
  static constexpr const char* message = "unterminated single quote";
};
struct single_quoted : if_expect<one<'\''>, until_single> {
  static constexpr auto kind = Kind::single_quoted;
};
struct name : seq<sor<alpha, one<'_'>>, star<sor<alnum, one<'_'>>>> {};
struct special : one<'@', '*', '#', '?', '-', '$', '!'> {};

struct arithmetic_body {  // up to the matching "))"
  using rule_t = arithmetic_body;
  using subs_t = empty_list;
  template <apply_mode, rewind_mode, template <typename...> class, template <typename...> class, typename In,
            typename... States>
  static bool match(In& in, ShellBuilder& builder, States&&...) {
    const char* const end = builder.closing_bracket(in.current());
    if (in.end() - end < 2 || end[1] != ')') return false;
    in.bump(static_cast<std::size_t>(end - in.current()));
    return true;
  }
};
struct arithmetic_expansion : seq<string<'$', '(', '('>, arithmetic_body, end_arithmetic> {
  static constexpr auto kind = Kind::arithmetic_expansion;
};
struct expansion : sor<arithmetic_expansion, command_substitution, parameter, backquoted> {};
struct brace_text : sor<escaped_character, single_quoted, double_quoted, expansion, not_one<'}'>> {
  static constexpr bool nests = true;
};
struct until_brace : until<closing<end_brace>, brace_text> {
  static constexpr const char* message = "expected `}`";
};
struct braced : if_expect<string<'$', '{'>, until_brace> {};
struct parameter : sor<braced, seq<one<'$'>, sor<name, digit, special>>> {
  static constexpr auto kind = Kind::parameter;
};
struct command_substitution : if_expect<string<'$', '('>, compound_list, end_paren> {
  static constexpr auto kind = Kind::command_substitution;
};
struct until_backquote : until<closing<end_backquote>, sor<escaped_character, any>> {
  static constexpr const char* message = "unterminated backquote";
};
struct backquoted : if_expect<one<'`'>, until_backquote> {
  static constexpr auto kind = Kind::backquoted;
};
struct double_text : plus<sor<run_until<'"', '\\', '$', '`'>, escaped_character>> {
  static constexpr auto kind = Kind::literal;
};
struct until_double : until<closing<end_double>, sor<double_text, expansion, any>> {
  static constexpr const char* message = "unterminated double quote";
};
struct double_quoted : if_expect<one<'"'>, until_double> {
  static constexpr auto kind = Kind::double_quoted;
};
struct literal : run_until<' ', '\t', '\r', '\n', '|', '&', ';', '<', '>', '(', ')', '\'', '"', '\\', '$', '`'> {
  static constexpr auto kind = Kind::literal;
};
struct word_escape : seq<not_at<line_continuation>, escaped_character> {
  static constexpr auto kind = Kind::escaped;
};
struct lone : seq<not_at<line_continuation>, sor<one<'$', '\\'>, seq<one<'\r'>, not_at<one<'\n'>>>>> {
  static constexpr auto kind = Kind::literal;
};
struct process_substitution : if_expect<seq<one<'<', '>'>, one<'('>>, compound_list, end_paren> {
  static constexpr auto kind = Kind::process_substitution;
};
struct joined_line : seq<line_continuation, not_at<one<' ', '\t', '\n'>>> {
  static constexpr auto kind = Kind::blank;
};
// Most words end at one of these, so they are checked before the alternatives are tried.
struct word_stop : one<' ', '\t', '\n', ';', '&', '|', ')'> {};
struct word_piece
    : sor<literal, double_quoted, single_quoted, expansion, word_escape, process_substitution, joined_line, lone> {};
struct word_part : seq<not_at<word_stop>, word_piece> {};
struct word : seq<not_at<one<'#'>>, plus<word_part>> {
  static constexpr auto kind = Kind::word;
  static constexpr bool nests = true;
  static constexpr const char* message = "expected a word";
};

// ---- reserved words -------------------------------------------------------------------------------------------------

struct word_end : at<sor<one<' ', '\t', '\r', '\n', ';', '&', '|', '(', ')', '<', '>'>, line_continuation, eof>> {};
template <char... C>
struct reserved : seq<string<C...>, word_end> {
  static constexpr bool bare = true;
};
struct kw_if : reserved<'i', 'f'> {};
struct kw_then : reserved<'t', 'h', 'e', 'n'> {
  static constexpr const char* message = "expected `then`";
};
struct kw_elif : reserved<'e', 'l', 'i', 'f'> {};
struct kw_else : reserved<'e', 'l', 's', 'e'> {};
struct kw_fi : reserved<'f', 'i'> {
  static constexpr const char* message = "expected `fi`";
};
struct kw_while : reserved<'w', 'h', 'i', 'l', 'e'> {};
struct kw_until : reserved<'u', 'n', 't', 'i', 'l'> {};
struct kw_do : reserved<'d', 'o'> {};
struct kw_done : reserved<'d', 'o', 'n', 'e'> {
  static constexpr const char* message = "expected `done`";
};
struct kw_for : sor<reserved<'f', 'o', 'r'>, reserved<'s', 'e', 'l', 'e', 'c', 't'>> {};
struct kw_in : reserved<'i', 'n'> {
  static constexpr const char* message = "expected `in`";
};
struct kw_case : reserved<'c', 'a', 's', 'e'> {};
struct kw_esac : reserved<'e', 's', 'a', 'c'> {
  static constexpr const char* message = "expected `esac`";
};
struct kw_open : reserved<'{'> {};
struct kw_close : reserved<'}'> {
  static constexpr const char* message = "expected `}`";
};
struct kw_function : reserved<'f', 'u', 'n', 'c', 't', 'i', 'o', 'n'> {};
struct kw_bang : reserved<'!'> {
  static constexpr auto kind = Kind::bang;
};
// Most commands are none of these, and a look at their first byte tells.
struct closing_word
    : seq<at<one<'t', 'e', 'f', 'd', '}'>>, sor<kw_then, kw_elif, kw_else, kw_fi, kw_do, kw_done, kw_esac, kw_close>> {
  static constexpr bool bare = true;
};

// ---- redirections ---------------------------------------------------------------------------------------------------

struct strip_mark : one<'-'> {};
struct delimiter : word {
  static constexpr const char* message = "expected a heredoc delimiter";
};
struct here_operator : seq<string<'<', '<'>, not_at<one<'<'>>, opt<strip_mark>> {};
struct redirect_operator : sor<string<'<', '<', '<'>, string<'&', '>', '>'>, string<'&', '>'>, string<'>', '>'>,
                               string<'>', '&'>, string<'<', '&'>, string<'<', '>'>, string<'>', '|'>, one<'<', '>'>> {
};
struct io_number : seq<sor<plus<digit>, seq<one<'{'>, name, one<'}'>>>, at<one<'<', '>'>>> {
  static constexpr bool bare = true;
};
struct target : word {
  static constexpr const char* message = "expected a redirection target";
};
struct plain_redirect : if_expect<seq<not_at<one<'<', '>'>, one<'('>>, redirect_operator, sp>, target> {};
struct here_redirect : if_expect<seq<here_operator, sp>, delimiter> {};
struct redirect_begin : at<sor<one<'<', '>', '&', '{'>, digit>> {};
struct redirect : seq<redirect_begin, opt<io_number>, sor<here_redirect, plain_redirect>> {
  static constexpr auto kind = Kind::redirect;
};

// ---- commands -------------------------------------------------------------------------------------------------------

struct until_paren : until<closing<end_paren>, sor<word, newline, comment, blanks, any>> {
  static constexpr const char* message = "expected `)`";
};
struct array : if_expect<one<'('>, until_paren> {};
struct subscript_body {  // up to the "]" of the same line
  using rule_t = subscript_body;
  using subs_t = empty_list;
  template <apply_mode, rewind_mode, template <typename...> class, template <typename...> class, typename In,
            typename... States>
  static bool match(In& in, ShellBuilder& builder, States&&...) {
    in.bump(static_cast<std::size_t>(builder.subscript_end(in.current()) - in.current()));
    return true;
  }
};
struct subscript : seq<one<'['>, subscript_body, one<']'>> {};
struct assignment : seq<name, opt<subscript>, opt<one<'+'>>, one<'='>, opt<sor<array, word>>> {
  static constexpr auto kind = Kind::assignment;
};
struct prefix : plus<sor<assignment, redirect>, sp> {};
struct suffix : star<sor<redirect, word>, sp> {};
struct command_name : seq<not_at<closing_word>, word> {};
struct simple_command : sor<seq<prefix, opt<command_name, sp, suffix>>, seq<command_name, sp, suffix>> {
  static constexpr auto kind = Kind::command;
};

struct compound_list : seq<linebreak, list, linebreak> {
  static constexpr const char* message = "expected a command";
};
struct else_part : if_expect<kw_else, compound_list> {};
struct elif_part : if_expect<kw_elif, compound_list, kw_then, compound_list> {};
struct if_clause : seq<kw_if, expect<compound_list>, expect<kw_then>, expect<compound_list>, star<elif_part>,
                       opt<else_part>, expect<kw_fi>> {
  static constexpr auto kind = Kind::if_clause;
};
struct do_group : if_expect<kw_do, compound_list, kw_done> {
  static constexpr const char* message = "expected `do`";
};
struct while_clause : if_expect<sor<kw_while, kw_until>, compound_list, do_group> {
  static constexpr auto kind = Kind::loop;
};
struct for_words : seq<linebreak, kw_in, sp, star<word, sp>> {};
struct arithmetic_for : seq<string<'(', '('>, arithmetic_body, end_arithmetic> {};
struct for_head : sor<arithmetic_for, seq<name, sp, opt<for_words>>> {
  static constexpr const char* message = "expected a variable name";
};
struct for_clause : seq<kw_for, sp, expect<for_head>, sp, opt<one<';'>>, linebreak, expect<do_group>> {
  static constexpr auto kind = Kind::for_clause;
};
struct case_end : sor<string<';', ';', '&'>, string<';', ';'>, string<';', '&'>> {};
struct end_case_item : sor<case_end, at<kw_esac>> {
  static constexpr const char* message = "expected `;;`";
};
struct pattern_list : seq<opt<one<'('>, sp>, word, sp, star<one<'|'>, sp, expect<word>, sp>, expect<end_paren>> {};
struct case_item : seq<not_at<kw_esac>, pattern_list, linebreak, opt<not_at<case_end>, not_at<kw_esac>, list>,
                       linebreak, expect<end_case_item>, linebreak> {
  static constexpr auto kind = Kind::case_item;
};
struct case_clause
    : seq<kw_case, sp, expect<word>, linebreak, expect<kw_in>, linebreak, star<case_item>, expect<kw_esac>> {
  static constexpr auto kind = Kind::case_clause;
};
struct subshell : if_expect<one<'('>, compound_list, end_paren> {
  static constexpr auto kind = Kind::subshell;
};
struct arithmetic_command : seq<string<'(', '('>, arithmetic_body, end_arithmetic> {
  static constexpr auto kind = Kind::arithmetic;
};
struct group : if_expect<kw_open, compound_list, kw_close> {
  static constexpr auto kind = Kind::group;
};
struct test_end : seq<string<']', ']'>, word_end> {
  static constexpr const char* message = "expected `]]`";
};
struct until_test : until<closing<test_end>, sor<word, newline, any>> {
  static constexpr const char* message = "expected `]]`";
};
struct extended_test : if_expect<seq<string<'[', '['>, word_end>, until_test> {
  static constexpr auto kind = Kind::test;
};
struct function_name : plus<not_one<' ', '\t', '\n', '(', ')', ';', '&', '|', '<', '>'>> {};
struct function_definition
    : sor<seq<kw_function, sp, function_name, sp, opt<one<'('>, sp, one<')'>>, linebreak, expect<command>>,
          seq<name, sp, one<'('>, sp, one<')'>, linebreak, expect<command>>> {
  static constexpr auto kind = Kind::function;
};
struct compound_begin : at<one<'i', 'w', 'u', 'f', 's', 'c', '{', '(', '['>> {};
struct compound
    : seq<compound_begin,
          sor<if_clause, while_clause, for_clause, case_clause, group, arithmetic_command, subshell, extended_test>> {};
struct command : sor<seq<compound, sp, star<redirect, sp>>, function_definition, simple_command> {
  static constexpr bool nests = true;
  static constexpr const char* message = "expected a command";
};

struct pipe : sor<string<'|', '&'>, seq<one<'|'>, not_at<one<'|'>>>> {
  static constexpr auto kind = Kind::pipe;
};
struct and_if : string<'&', '&'> {
  static constexpr auto kind = Kind::and_if;
};
struct or_if : string<'|', '|'> {
  static constexpr auto kind = Kind::or_if;
};
struct pipeline : seq<star<kw_bang, sp>, command, star<pipe, linebreak, expect<command>>> {
  static constexpr auto kind = Kind::pipeline;
  static constexpr const char* message = "expected a command";
};
struct and_or : seq<pipeline, star<sor<and_if, or_if>, linebreak, expect<pipeline>>> {
  static constexpr auto kind = Kind::and_or;
};
struct semicolon : sor<seq<one<';'>, not_at<one<';', '&'>>>, seq<one<'&'>, not_at<one<'&'>>>> {
  static constexpr auto kind = Kind::separator;
};
struct separator : sor<semicolon, newline, comment> {};
struct list : seq<and_or, star<plus<sp, separator>, linebreak, opt<not_at<closing_word>, and_or>>, sp> {
  static constexpr auto kind = Kind::list;
};
struct rest : plus<any> {
  static constexpr auto kind = Kind::error;
};
struct end_of_script : eof {
  static constexpr const char* message = "expected the end of the command";
};
struct script : seq<linebreak, opt<list>, linebreak, expect<end_of_script>, opt<rest>> {
  static constexpr auto kind = Kind::script;
};

}  // namespace shell_grammar

// What a heredoc is called is known once its delimiter has been read.
template <typename Rule>
struct shell_action : tao::pegtl::nothing<Rule> {};

template <>
struct shell_action<shell_grammar::strip_mark> {
  template <typename... States>
  static void apply0(ShellBuilder& builder, States&&...) {
    builder.strip_tabs = true;
  }
};

template <>
struct shell_action<shell_grammar::delimiter> {
  template <typename In, typename... States>
  static void apply(const In& in, ShellBuilder& builder, States&&...) {
    ShellBuilder::PendingHeredoc heredoc{{}, builder.strip_tabs};
    builder.strip_tabs = false;
    for (const char c : in.string_view())
      if (c != '\'' && c != '"' && c != '\\') heredoc.name += c;
    builder.add(std::move(heredoc));
  }
};

}  // namespace dockhew::inline syntax

namespace tao::pegtl {
template <typename Name, char... Stops>
struct analyze_traits<Name, dockhew::shell_grammar::run_until<Stops...>> : analyze_any_traits<> {};
template <typename Name>
struct analyze_traits<Name, dockhew::shell_grammar::arithmetic_body> : analyze_opt_traits<> {};
template <typename Name>
struct analyze_traits<Name, dockhew::shell_grammar::heredoc_bodies> : analyze_opt_traits<> {};
template <typename Name>
struct analyze_traits<Name, dockhew::shell_grammar::subscript_body> : analyze_opt_traits<> {};
}  // namespace tao::pegtl
