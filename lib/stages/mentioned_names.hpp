// What of a compiled project its source names in texts: `"docs/index.html"`, `"VERSION"`, `"sh scripts/run.sh"`. A file
// that is usually for builds or for people alone may be read by such a program.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/build_context.hpp"

namespace dockhew::inline stages {

class MentionedNames {
 public:
  // Of the source below `directory` of the context, as far as it is of a reasonable size. In the image it is `place`.
  // `others`: paths in the image that something else names.
  MentionedNames(const BuildContext& context, const std::string& directory, const std::string& place,
                 const std::vector<std::string>& others);

  // More of them: paths below the root of the project, and other words.
  void add(std::vector<std::string> texts);

  const std::vector<std::string>& texts() const { return texts_; }

  // Whether a text begins with a name at the root of the project, as a file or as a directory.
  bool has(std::string_view name) const;

  // What texts name below a directory of the root, where it is there: paths below the root, sorted, none of them below
  // another one.
  std::vector<std::string> below(const BuildContext& context, const std::string& directory,
                                 std::string_view name) const;

 private:
  std::vector<std::string> texts_;  // sorted: words of what is between quotes, without "./"
};

// Whether a file is read by the compiler of a language whose programs this is about, by its name.
bool is_compiled_code(std::string_view name);

}  // namespace dockhew::inline stages
