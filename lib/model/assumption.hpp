// What must be true for a rewrite to be safe, but could not be checked. Any analysis may produce one; rules show them
// to the user.
#pragma once

#include <string>

namespace dockhew::inline model {

struct Assumption {
  std::string id;        // "no-install-scripts"
  std::string sentence;  // "package.json has no install lifecycle scripts"
};

}  // namespace dockhew::inline model
