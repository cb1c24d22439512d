#include "text/shebang.hpp"

#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline text {

std::optional<Shebang> find_shebang(std::string_view script) {
  if (!script.starts_with("#!")) return std::nullopt;
  const auto words = split_words(script.substr(2, script.find_first_of("\r\n") - 2));
  auto word = words.begin();
  if (word == words.end()) return std::nullopt;
  Shebang found{std::string(*word), {}};
  if (path_basename(*word) != "env") return found;
  while (++word != words.end())
    if (!word->starts_with('-') && word->find('=') == word->npos) {
      found.searched = *word;
      break;
    }
  return found;
}

std::string shebang_program(std::string_view script) {
  const auto found = find_shebang(script);
  const bool is_bare_env = found && found->searched.empty() && path_basename(found->interpreter) == "env";
  return found && !is_bare_env ? std::string(path_basename(found->program())) : std::string();
}

}  // namespace dockhew::inline text
