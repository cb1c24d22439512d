// What has to be so for a rewrite to be safe, and could not be checked. It is data that every analysis may produce;
// rules pass it on to people.
#pragma once

#include <string>

namespace dockhew {

struct Assumption {
  std::string id;        // "no-install-scripts"
  std::string sentence;  // "package.json has no install lifecycle scripts"
};

}  // namespace dockhew
