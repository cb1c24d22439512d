// The grammar of physical lines: directives, comments, instructions with continuations, heredoc bodies. It runs over
// raw bytes and knows nothing about the meaning of instructions. Facts: BuildKit's parser.go and directives.go. Only
// lines.cpp and the grammar tests include this header.
#pragma once

#include <cstring>
#include <vector>

#include "syntax/heredoc.hpp"
#include "syntax/lines.hpp"
#include "syntax/tree_builder.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline syntax {

struct LineToken {
  LineKind operator()(std::string_view) const { return LineKind::token; }
};

struct LineBuilder : TreeBuilder<LineKind> {
  explicit LineBuilder(std::string_view source) : TreeBuilder<LineKind>{source} {}

  // A file of very many lines is in memory once: what is built of a line goes to the tree before the next one is read.
  void add_to_tree(std::uint32_t end) {
    tree.add(in_tree, end);
    in_tree = end;
    nodes.clear();
  }

  Preorder<LineKind, LineToken> tree{*this, {}};
  std::uint32_t in_tree = 0;  // where that ends
  char escape = '\\';
  std::vector<std::string> directives_seen{};
  std::vector<RawInstruction> instructions{};
  std::size_t instruction_bytes = 0, comments = 0;
  std::optional<std::uint32_t> end{};  // see ParsedLines
  char* joined = nullptr;              // where the text of continued instructions goes; as large as the source
  std::size_t instruction_first = 0;   // first node of the instruction being read
};

namespace line_grammar {

using namespace tao::pegtl;

// ---- stateful terminals ---------------------------------------------------------------------------------------------

struct escape {  // the escape character in effect: '\' or '`'
  using rule_t = escape;
  using subs_t = empty_list;
  template <apply_mode, rewind_mode, template <typename...> class, template <typename...> class, typename In,
            typename... States>
  static bool match(In& in, LineBuilder& builder, States&&...) {
    if (in.empty() || in.peek_char() != builder.escape) return false;
    in.bump_in_this_line(1);
    return true;
  }
};

struct space {  // white space as defined by Go's unicode.IsSpace, but never the end of a line
  static constexpr auto kind = LineKind::blank;
  using rule_t = space;
  using subs_t = empty_list;
  template <apply_mode, rewind_mode, template <typename...> class, template <typename...> class, typename In,
            typename... States>
  static bool match(In& in, States&&...) {
    const std::string_view rest(in.current(), in.size());
    std::size_t size = 0;
    while (size < rest.size() && rest[size] != '\n') {
      const auto rune = decode_rune(rest.substr(size));
      if (!is_unicode_space(rune.value)) break;
      size += rune.size;
    }
    if (size == 0) return false;
    in.bump_in_this_line(size);
    return true;
  }
};

struct rest_of_line {  // everything up to the line ending; may be empty
  using rule_t = rest_of_line;
  using subs_t = empty_list;
  template <apply_mode, rewind_mode, template <typename...> class, template <typename...> class, typename In,
            typename... States>
  static bool match(In& in, States&&...) {
    const void* newline = std::memchr(in.current(), '\n', in.size());
    const char* end = newline != nullptr ? static_cast<const char*>(newline) : in.end();
    while (end > in.current() && end[-1] == '\r') --end;
    in.bump_in_this_line(static_cast<std::size_t>(end - in.current()));
    return true;
  }
};

// What a line contributes to its instruction: up to the continuation or the line ending. An escape character continues
// the line when only blanks follow it and no other escape character precedes it: ([^E])E[ \t]*$ | ^E[ \t]*$
struct text {
  static constexpr auto kind = LineKind::text;
  using rule_t = text;
  using subs_t = empty_list;
  template <apply_mode, rewind_mode, template <typename...> class, template <typename...> class, typename In,
            typename... States>
  static bool match(In& in, LineBuilder& builder, States&&...) {
    const char* const begin = in.current();
    const void* newline = std::memchr(begin, '\n', in.size());
    const char* end = newline != nullptr ? static_cast<const char*>(newline) : in.end();
    while (end > begin && end[-1] == '\r') --end;
    const char* last = end;
    while (last > begin && (last[-1] == ' ' || last[-1] == '\t')) --last;
    const bool escaped = last > begin && last[-1] == builder.escape;
    if (escaped && (last - begin == 1 || last[-2] != builder.escape)) end = last - 1;
    if (end == begin) return false;
    in.bump_in_this_line(static_cast<std::size_t>(end - begin));
    return true;
  }
};

struct remember_first {  // where the nodes of this instruction begin
  using rule_t = remember_first;
  using subs_t = empty_list;
  template <apply_mode, rewind_mode, template <typename...> class, template <typename...> class, typename In,
            typename... States>
  static bool match(In&, LineBuilder& builder, States&&...) {
    builder.instruction_first = builder.nodes.size();
    return true;
  }
};

struct line_done {  // nothing backtracks past this place
  using rule_t = line_done;
  using subs_t = empty_list;
  template <apply_mode, rewind_mode, template <typename...> class, template <typename...> class, typename In,
            typename... States>
  static bool match(In& in, LineBuilder& builder, States&&...) {
    builder.add_to_tree(builder.at(in.current()));
    return true;
  }
};

struct beyond_limits {  // all that follows more instructions or comments than are read
  using rule_t = beyond_limits;
  using subs_t = empty_list;
  template <apply_mode, rewind_mode, template <typename...> class, template <typename...> class, typename In,
            typename... States>
  static bool match(In& in, LineBuilder& builder, States&&...) {
    if (builder.instructions.size() <= limits::instructions_read &&
        builder.instruction_bytes <= limits::instruction_bytes_read && builder.comments < limits::comments_read)
      return false;
    builder.end = builder.at(in.current());
    in.bump(in.size());
    return true;
  }
};

struct count_comment {
  using rule_t = count_comment;
  using subs_t = empty_list;
  template <apply_mode, rewind_mode, template <typename...> class, template <typename...> class, typename In,
            typename... States>
  static bool match(In&, LineBuilder& builder, States&&...) {
    ++builder.comments;
    return true;
  }
};

struct heredocs {  // the bodies that the finished logical line announces
  using rule_t = heredocs;
  using subs_t = empty_list;
  template <apply_mode A, rewind_mode, template <typename...> class, template <typename...> class, typename In,
            typename... States>
  static bool match(In& in, LineBuilder& builder, States&&...);
};

// ---- lines ----------------------------------------------------------------------------------------------------------

struct line_end : sor<seq<star<one<'\r'>>, one<'\n'>>, seq<star<one<'\r'>>, eof>> {};
struct newline : sor<seq<star<one<'\r'>>, one<'\n'>>, seq<plus<one<'\r'>>, eof>> {
  static constexpr auto kind = LineKind::newline;
};
struct newlines : plus<star<one<' ', '\t', '\r'>>, one<'\n'>> {
  static constexpr auto kind = LineKind::newline;
};
struct comment : seq<one<'#'>, rest_of_line> {
  static constexpr auto kind = LineKind::comment;
};
struct comment_line : seq<opt<space>, comment, opt<newline>> {};
struct blank_line : sor<seq<space, at<eof>>, seq<opt<space>, sor<newlines, newline>>> {};

struct continuation : seq<escape, star<blank>, line_end> {
  static constexpr auto kind = LineKind::continuation;
};
// Comments and empty lines after a continuation vanish, and the logical line continues after them.
struct splice : seq<continuation, star<not_at<eof>, sor<comment_line, blank_line>>> {};

struct instruction_text : sor<seq<text, star<splice, opt<text>>>, plus<splice, opt<text>>> {};
struct instruction : seq<remember_first, opt<space>, instruction_text, opt<newline>, heredocs> {
  static constexpr auto kind = LineKind::instruction;
};

// ---- directives: # key=value, from the first line until the first line that is not one
// -------------------------------

struct ascii_space : one<' ', '\t', '\f', '\r'> {};
struct directive_name : sor<istring<'s', 'y', 'n', 't', 'a', 'x'>, istring<'e', 's', 'c', 'a', 'p', 'e'>,
                            istring<'c', 'h', 'e', 'c', 'k'>> {
  static constexpr auto kind = LineKind::directive_name;
};
struct directive_value : seq<not_at<line_end>, rest_of_line> {
  static constexpr auto kind = LineKind::directive_value;
};
struct directive : seq<one<'#'>, opt<space>, directive_name, star<ascii_space>, one<'='>,
                       opt<plus<ascii_space>, at<not_one<' ', '\t', '\f', '\r', '\n'>>>, directive_value> {
  static constexpr auto kind = LineKind::directive;
};
struct directive_line : seq<opt<space>, directive, opt<newline>> {};

struct byte_order_mark : string<'\xEF', '\xBB', '\xBF'> {
  static constexpr auto kind = LineKind::byte_order_mark;
};
struct line : sor<beyond_limits, seq<comment_line, count_comment>, blank_line, instruction> {};
struct file : seq<opt<byte_order_mark>, star<directive_line, line_done>, until<eof, line, line_done>> {};

}  // namespace line_grammar
}  // namespace dockhew::inline syntax

namespace tao::pegtl {
template <typename Name>
struct analyze_traits<Name, dockhew::line_grammar::escape> : analyze_any_traits<> {};
template <typename Name>
struct analyze_traits<Name, dockhew::line_grammar::space> : analyze_any_traits<> {};
template <typename Name>
struct analyze_traits<Name, dockhew::line_grammar::text> : analyze_any_traits<> {};
template <typename Name>
struct analyze_traits<Name, dockhew::line_grammar::rest_of_line> : analyze_opt_traits<> {};
template <typename Name>
struct analyze_traits<Name, dockhew::line_grammar::remember_first> : analyze_opt_traits<> {};
template <typename Name>
struct analyze_traits<Name, dockhew::line_grammar::line_done> : analyze_opt_traits<> {};
template <typename Name>
struct analyze_traits<Name, dockhew::line_grammar::count_comment> : analyze_opt_traits<> {};
template <typename Name>
struct analyze_traits<Name, dockhew::line_grammar::beyond_limits> : analyze_any_traits<> {};
template <typename Name>
struct analyze_traits<Name, dockhew::line_grammar::heredocs> : analyze_opt_traits<> {};
}  // namespace tao::pegtl
