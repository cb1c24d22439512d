// PEGTL can prove that a grammar has no rule that loops without consuming. Each grammar is checked, with its recovery
// rules.
#include <doctest/doctest.h>

#include <tao/pegtl/contrib/analyze.hpp>

#include "syntax/argument_grammar.hpp"
#include "syntax/line_grammar.hpp"
#include "syntax/shell_grammar.hpp"

namespace dockhew::inline syntax::line_grammar {
template <apply_mode A, rewind_mode, template <typename...> class, template <typename...> class, typename In,
          typename... States>
bool heredocs::match(In&, LineBuilder&, States&&...) {
  return true;
}
}  // namespace dockhew::inline syntax::line_grammar

namespace tao::pegtl {
template <typename Name, typename Rule>
struct analyze_traits<Name, dockhew::missing<Rule>> : analyze_opt_traits<> {};
}  // namespace tao::pegtl

TEST_CASE("no grammar can loop without consuming") {
  CHECK(tao::pegtl::analyze<dockhew::line_grammar::file>(-1) == 0);
  CHECK(tao::pegtl::analyze<dockhew::argument_grammar::flag_list>(-1) == 0);
  CHECK(tao::pegtl::analyze<dockhew::argument_grammar::json_array>(-1) == 0);
  CHECK(tao::pegtl::analyze<dockhew::argument_grammar::word_list>(-1) == 0);
  CHECK(tao::pegtl::analyze<dockhew::shell_grammar::script>(-1) == 0);
}
