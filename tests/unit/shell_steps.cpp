// The shell grammar reads nothing twice that nests. Each construct is put into each other to depth 40, closed and left
// open, and the attempts of the parser are counted: twice the depth may not take much more than twice of them.
#include <doctest/doctest.h>

#include <array>
#include <string>

#include "syntax/shell_grammar.hpp"

namespace {

using namespace dockhew;

std::size_t steps = 0;

template <typename Rule>
struct counted : build<Rule> {
  template <tao::pegtl::apply_mode A, tao::pegtl::rewind_mode M, template <typename...> class Action,
            template <typename...> class Control, typename In, typename Builder, typename... States>
  static bool match(In& in, Builder& builder, States&&... states) {
    ++steps;
    return build<Rule>::template match<A, M, Action, Control>(in, builder, states...);
  }
};

std::size_t steps_for(const std::string& text) {
  steps = 0;
  ShellBuilder builder;
  builder.text = text;
  tao::pegtl::memory_input<tao::pegtl::tracking_mode::lazy, tao::pegtl::eol::lf_crlf, const char*> in(
      text.data(), text.data() + text.size(), "");
  tao::pegtl::parse<shell_grammar::script, shell_action, counted>(in, builder);
  return steps;
}

struct Construct {
  std::string open, close;
};

const std::array<Construct, 38> constructs = {{{"$(", ")"},
                                               {"\"$(", ")\""},
                                               {"a$(", ")b"},
                                               {"<(", ")"},
                                               {"a <( ", " )"},
                                               {"`", "`"},
                                               {"${a:-", "}"},
                                               {"\"", "\""},
                                               {"'", "'"},
                                               {"$((", "))"},
                                               {"((", "))"},
                                               {"( ", " )"},
                                               {"(", ")"},
                                               {"{ ", "; }"},
                                               {"if ", "; then a; fi"},
                                               {"if a; then ", "; fi"},
                                               {"if a; then b; elif ", "; then c; fi"},
                                               {"if a; then b; else ", "; fi"},
                                               {"while ", "; do a; done"},
                                               {"until a; do ", "; done"},
                                               {"for x in ", "; do a; done"},
                                               {"for x in a; do ", "; done"},
                                               {"for ((", "; ; )); do a; done"},
                                               {"case ", " in a) b;; esac"},
                                               {"case x in ", ") a;; esac"},
                                               {"case x in (a | ", ") a;; esac"},
                                               {"case x in a) ", ";; esac"},
                                               {"case x in a) b;; ", ") c; esac"},
                                               {"f() { ", "; }"},
                                               {"function f ", ""},
                                               {"[[ ", " ]]"},
                                               {"a=(", ")"},
                                               {"a[", "]=b "},
                                               {"> ", " "},
                                               {"cat <<E ", "\nE\n"},
                                               {"! ", ""},
                                               {"a && ", ""},
                                               {"\n# c\n", "\n"}}};

std::string nested(const Construct& a, const Construct& b, std::size_t depth, bool closed) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += i % 2 == 0 ? a.open : b.open;
  text += 'x';
  for (std::size_t i = depth; closed && i-- > 0;) text += i % 2 == 0 ? a.close : b.close;
  return text;
}

}  // namespace

TEST_CASE("the shell grammar is linear in every nesting of its constructs") {
  for (const auto& a : constructs)
    for (const auto& b : constructs)
      for (const bool closed : {true, false}) {
        const auto text = nested(a, b, 40, closed);
        const auto half = steps_for(nested(a, b, 20, closed)), whole = steps_for(text);
        CHECK_MESSAGE(whole <= half * 5 / 2 + 500, text, ": ", half, " steps at half the depth, then ", whole);
        CHECK_MESSAGE(whole <= 400 * (text.size() + 10), text, ": ", whole, " steps");
      }
}

TEST_CASE("the shell grammar is linear in repetitions of what it looks ahead for") {
  for (const auto* text : {"a[", "a[b; ", "((", "$((", "$((a) ", "{a ", "1", "a=", "! ", "<<E ", "cat <<E\n", "\n", "#",
                           "for x\n\n", "case a in b ", "f()\n", "function f\n", "$(\n", "(\n#\n"}) {
    std::string once, twice;
    for (int i = 0; i < 500; ++i) once += text;
    twice = once + once;
    const auto half = steps_for(once), whole = steps_for(twice);
    CHECK_MESSAGE(whole <= half * 23 / 10 + 500, text, ": ", half, " steps at half the length, then ", whole);
  }
}
