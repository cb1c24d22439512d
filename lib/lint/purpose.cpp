#include "lint/purpose.hpp"

#include <algorithm>
#include <string>

#include "flow/project_tree.hpp"
#include "model/context_path.hpp"
#include "model/runs.hpp"
#include "model/start_command.hpp"
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

// Programs that do nothing but run tests, and modules of Python that do.
bool is_test_runner(std::string_view name) {
  constexpr std::string_view runners[] = {"behave",  "ctest",   "jest",   "mocha", "nose2", "nosetests", "nox",
                                          "phpunit", "py.test", "pytest", "rspec", "tox",   "unittest",  "vitest"};
  return std::ranges::find(runners, name) != std::end(runners);
}

// A tool of a language, `make`, or a script of Python's, after which `test` is what it is to do.
bool has_tests(const Facts& facts, std::string_view name) {
  if (name.ends_with("w")) name.remove_suffix(1);  // `./mvnw`
  const auto* row = facts.unix_command(name);
  return name.ends_with(".py") || (row != nullptr && row->builds) ||
         std::ranges::any_of(facts.tools, [&](const Tool& tool) {
           return !tool.packages.of_system &&
                  std::ranges::any_of(tool.commands, [&](Words words) { return words[0] == name; });
         });
}

// `python -m unittest`, `npm test`, `./mvnw -B test`, `sh -c "go test ./..."`.
bool runs_tests(const Facts& facts, std::string text) {
  std::erase_if(text, [](char c) { return c == '\'' || c == '"'; });
  bool of_tool = false;
  std::string_view before;
  for (const auto word : split_words(text)) {
    const auto name = path_basename(word);
    const bool is_value = before.starts_with('-') && before != "-m" && before != "-c";
    if (is_test_runner(name) && !is_value) return true;
    if ((word == "test" || word.starts_with("test:")) && of_tool &&
        (!is_value || before.find('=') != before.npos || before.size() == 2))
      return true;
    of_tool |= has_tests(facts, name);
    before = word;
  }
  return false;
}

// What a file of the build context that an image gets is called.
bool has_notebooks(const Dockerfile& file, const Stage& stage) {
  const auto& context = file.context();
  if (!context.is_known()) return false;
  const auto tree = project_tree(context);
  const auto is_copied = [&](const std::string& path, const Copy& copy) {
    return copy.from_context() && std::ranges::any_of(copy.sources, [&](const CopySource& source) {
             const auto from = clean_path(source.text);
             return !source.heredoc && source.known && (from == "." || path_is_under(path, from));
           });
  };
  for (const auto& directory : tree->directories)
    for (const auto& name : directory.names) {
      const auto path = join_context_path(directory.path, name);
      if (!name.ends_with(".ipynb") || !context.exists(path)) continue;
      if (std::ranges::any_of(steps_of_chain(file, stage), [&](const StageStep& each) {
            return each.step->copy && is_copied(path, *each.step->copy);
          }))
        return true;
    }
  return false;
}

}  // namespace

bool is_for_development(std::string_view path, const Stage& stage) {
  if (has_purpose(stage.name)) return true;
  if (path.empty()) return false;
  constexpr std::string_view directories[] = {".devcontainer", ".dockerdev", "dev", "devcontainer", "development"};
  return has_purpose(path_basename(path)) ||
         std::ranges::find(directories, path_basename(path_parent(path))) != std::end(directories);
}

bool wants_newest(std::string_view path) { return has_word(path_basename(path), says_newest); }

bool is_for_other_projects(std::string_view path) {
  constexpr std::string_view words[] = {"archetype", "boilerplate", "cookiecutter", "scaffold", "skeleton", "template"};
  const auto directory = to_lower_ascii(path_parent(path));
  return path.find("{{") != path.npos ||
         std::ranges::any_of(words, [&](std::string_view word) { return directory.find(word) != directory.npos; });
}

bool is_for_tests(const Dockerfile& file, const Stage& stage) {
  const auto [entrypoint, arguments] = find_start_instructions(stage);
  const auto own = (entrypoint != nullptr ? start_text(*entrypoint) + ' ' : "") +
                   (arguments != nullptr ? start_text(*arguments) : "");
  const auto* other = file.context().origin().start_in_place();
  return runs_tests(file.facts(), own) && (other == nullptr || runs_tests(file.facts(), other->text));
}

bool is_for_notebooks(const Dockerfile& file, const Stage& stage) {
  const auto [entrypoint, arguments] = find_start_instructions(stage);
  for (const auto* start : {entrypoint, arguments})
    if (start != nullptr && start_text(*start).find("jupyter") != std::string::npos) return has_notebooks(file, stage);
  return false;
}

bool starts_development(std::string_view command) {
  constexpr std::string_view words[] = {"--hot", "--hot-reload", "--reload", "--watch", "dev",  "develop",
                                        "jest",  "mocha",        "nodemon",  "pytest",  "test", "vitest"};
  return std::ranges::any_of(split_words(command), [&](std::string_view word) {
    return std::ranges::find(words, word) != std::end(words) || word.ends_with(":dev");
  });
}

}  // namespace dockhew::inline lint
