// What of a compiled project its source names in texts: `"docs/index.html"`, `"VERSION"`. A file that is usually for
// builds or for people alone may be read by such a program.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/build_context.hpp"

namespace dockhew::inline stages {

class MentionedNames {
 public:
  // Of the source below `directory` of the context, as far as it is of a reasonable size.
  MentionedNames(const BuildContext& context, const std::string& directory);

  // Whether a text begins with a name at the root of the project, as a file or as a directory.
  bool has(std::string_view name) const;

 private:
  std::vector<std::string> texts_;  // sorted: what is between quotes, without "./"
};

}  // namespace dockhew::inline stages
