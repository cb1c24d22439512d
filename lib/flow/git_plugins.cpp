#include "flow/git_plugins.hpp"

#include <algorithm>

#include "text/path.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline flow {
namespace {

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
bool is_of_name(char c) {
  return is_letter_or_digit(c) || std::string_view("-_./@:").find(c) != std::string_view::npos;
}

bool is_manifest(std::string_view name) {
  constexpr std::string_view names[] = {"Cargo.toml", "Gemfile",        "libs.versions.toml", "mix.exs",
                                        "pom.xml",    "pyproject.toml", "package.json",       "requirements.txt",
                                        "setup.cfg",  "setup.py"};
  constexpr std::string_view endings[] = {".csproj", ".fsproj", ".gradle", ".gradle.kts", ".props", ".sbt", ".targets"};
  return std::ranges::find(names, name) != std::end(names) ||
         std::ranges::any_of(endings, [&](std::string_view ending) { return name.ends_with(ending); });
}

// They read addresses of repositories, talk to a server, or work when somebody commits.
bool reads_no_data(std::string_view name) {
  constexpr std::string_view others[] = {"@semantic-release/git", "git-up",     "git-url-parse",
                                         "hosted-git-info",       "is-git-url", "parse-git"};
  return std::ranges::any_of(others, [&](std::string_view other) { return name.find(other) != name.npos; });
}

// `git+https://…`, `git@…`, `https://…/a.git`, a file: no name of a package.
bool is_address(std::string_view name, std::size_t git) {
  const auto after = git + 3 < name.size() ? name[git + 3] : '\0';
  const bool ends = git > 0 && name[git - 1] == '.' && after == '\0' && name.find('/') != name.npos;
  return name.find("//") != name.npos || name.find("git@") != name.npos || after == ':' || after == '/' || ends ||
         name.starts_with('.') || name.starts_with('/');
}

}  // namespace

std::string git_plugin_in(std::string_view path, std::string_view text) {
  if (!is_manifest(path_basename(path))) return {};
  constexpr std::string_view word = "git";
  const auto lower = to_lower_ascii(text);
  for (auto at = lower.find(word); at != lower.npos; at = lower.find(word, at + 1)) {
    const auto end = at + word.size();
    if ((at > 0 && is_letter_or_digit(text[at - 1])) || (end < text.size() && is_letter_or_digit(text[end]))) continue;
    auto first = at, last = end;
    while (first > 0 && is_of_name(text[first - 1])) --first;
    while (last < text.size() && is_of_name(text[last])) ++last;
    const auto name = text.substr(first, last - first);
    const bool quoted = first > 0 && std::string_view("\"'>").find(text[first - 1]) != std::string_view::npos;
    if (!quoted || name.size() == word.size() || last - first > 100 || is_address(name, at - first) ||
        reads_no_data(to_lower_ascii(name)))
      continue;
    return std::string(name);
  }
  return {};
}

}  // namespace dockhew::inline flow
