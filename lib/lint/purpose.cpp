#include "lint/purpose.hpp"

#include <algorithm>
#include <string>

#include "text/path.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::inline lint {
namespace {

bool is_purpose(std::string_view word) {
  constexpr std::string_view words[] = {"ci",          "debug", "dev",   "devcontainer", "devel", "develop",
                                        "development", "e2e",   "local", "test",         "tests", "testing"};
  return std::ranges::find(words, word) != std::end(words);
}

// `Dockerfile.dev`, `dev.Dockerfile`, `web-dev`: a word of the name, not a part of one.
bool has_word(std::string_view name, bool (*is_it)(std::string_view word)) {
  const auto text = to_lower_ascii(name);
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const auto end = std::min(text.find_first_of(".-_", begin), text.size());
    if (is_it(std::string_view(text).substr(begin, end - begin))) return true;
    begin = end + 1;
  }
  return false;
}

bool has_purpose(std::string_view name) { return has_word(name, is_purpose); }

bool says_newest(std::string_view word) { return word == "latest" || word == "nightly" || word == "edge"; }

}  // namespace

bool is_for_development(std::string_view path, const Stage& stage) {
  if (has_purpose(stage.name)) return true;
  if (path.empty()) return false;
  constexpr std::string_view directories[] = {".devcontainer", ".dockerdev", "dev", "devcontainer", "development"};
  return has_purpose(path_basename(path)) ||
         std::ranges::find(directories, path_basename(path_parent(path))) != std::end(directories);
}

bool wants_newest(std::string_view path) { return has_word(path_basename(path), says_newest); }

bool starts_development(std::string_view command) {
  constexpr std::string_view words[] = {"--hot", "--hot-reload", "--reload", "--watch", "dev",  "develop",
                                        "jest",  "mocha",        "nodemon",  "pytest",  "test", "vitest"};
  return std::ranges::any_of(split_words(command), [&](std::string_view word) {
    return std::ranges::find(words, word) != std::end(words) || word.ends_with(":dev");
  });
}

}  // namespace dockhew::inline lint
