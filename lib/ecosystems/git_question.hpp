// A library that asks Git for the commit that a program was built from, where nothing else says it.
#pragma once

#include <string_view>

namespace dockhew::inline ecosystems {

struct GitQuestion {
  std::string_view word;        // in a file of the project that sets it up: "sentry_sdk.init"
  std::string_view answer;      // a name in the same file that answers it: "release"
  std::string_view variable;    // a variable that does: "SENTRY_RELEASE"
  bool needs_program = true;    // it runs `git`, and does not read Git's data itself
  bool when_it_starts = false;  // and not when it is built
};

}  // namespace dockhew::inline ecosystems
