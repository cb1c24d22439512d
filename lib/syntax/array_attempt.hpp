// Arguments that are meant as a JSON array and are none: `CMD ['node', 'a.js']`, `CMD ["node", "a.js",]`,
// `CMD ["node", $FILE]`. The builder gives them to a shell, to which `[` is a command.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dockhew::inline syntax {

struct ArrayAttempt {
  std::vector<std::string> words;  // without their quotes
  std::string fault;               // for a person, as a clause: "its words have single quotes"
  std::string variable;            // the first word without quotes that is one, which JSON would not replace
  std::string comment;             // what stands behind the bracket, from `#` on
};

// Nothing where the text is an array of JSON, or is something else: a test, as in `[ "$A" = b ] && c`.
std::optional<ArrayAttempt> read_array_attempt(std::string_view text);

}  // namespace dockhew::inline syntax
