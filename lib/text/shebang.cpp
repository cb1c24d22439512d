#include "text/shebang.hpp"

#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline text {

std::string shebang_program(std::string_view script) {
  if (!script.starts_with("#!")) return {};
  const auto line = script.substr(2, script.find_first_of("\r\n") - 2);
  for (const auto word : split_words(line)) {
    const auto name = path_basename(word);
    if (name != "env" && !name.starts_with('-')) return std::string(name);
  }
  return {};
}

}  // namespace dockhew::inline text
