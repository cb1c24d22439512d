#include "stages/mentioned_names.hpp"

#include <algorithm>
#include <iterator>

#include "model/context_path.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline stages {
namespace {

constexpr int deepest = 10;
constexpr std::size_t most_bytes = 16U << 20U;
constexpr std::size_t longest_text = 200;

constexpr std::size_t most_lookups = 256;

// What tests name is for tests.
bool is_read(std::string_view name) { return is_compiled_code(name) && !name.ends_with("_test.go"); }
bool is_for_tests(std::string_view directory) { return directory == "test" || directory == "tests"; }

// What is put before a text in quotes, as of `home + "/docs"` and `concat!(env!("CARGO_MANIFEST_DIR"), "/docs")`.
bool is_joined(std::string_view before) {
  while (!before.empty() && (before.back() == ' ' || before.back() == '\n' || before.back() == '\t'))
    before.remove_suffix(1);
  return before.ends_with('+') || before.ends_with(',');
}

// What follows a part that the program fills in: "docs" of `%s/docs`, `{}/docs` and `${home}/docs`.
std::string_view after_filled(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == text.npos || text.substr(0, slash).find_first_of("%{") == text.npos) return {};
  return text.substr(slash + 1);
}

// The texts between quotes on one line; of a text with blanks, as of a command line, the words that are paths.
void add_texts(std::string_view source, const std::string& place, std::vector<std::string>& texts) {
  const auto add = [&](std::string_view word) {
    if (place != "/" && path_is_under(word, place)) word.remove_prefix(std::min(place.size() + 1, word.size()));
    if (word.starts_with("./")) word.remove_prefix(2);
    if (!word.empty()) texts.emplace_back(word);
  };
  for (std::size_t i = 0; i < source.size(); ++i) {
    const char quote = source[i];
    if (quote != '"' && quote != '`') continue;
    const auto rest = source.substr(i + 1, longest_text);
    const auto end = rest.find_first_of(quote == '"' ? "\"\n" : "`\n");
    if (end == rest.npos || rest[end] == '\n') continue;
    const auto text = rest.substr(0, end);
    add(text);
    add(after_filled(text));
    if (text.starts_with('/') && is_joined(source.substr(0, i))) add(text.substr(1));
    if (text.find(' ') != text.npos)
      for (const auto word : split_words(text))
        if (word.find('/') != word.npos) add(word);
    i += end + 1;
  }
}

void read_directory(const BuildContext& context, const std::string& directory, const std::string& place, int depth,
                    std::size_t& bytes, std::vector<std::string>& texts) {
  for (const auto& name : context.entries(directory)) {
    if (name.starts_with('.') || bytes > most_bytes) continue;
    const auto path = join_context_path(directory, name);
    const auto kind = context.kind(path);
    if (kind == PathKind::directory && depth < deepest && !is_for_tests(name))
      read_directory(context, path, place, depth + 1, bytes, texts);
    if (kind != PathKind::file || !is_read(name)) continue;
    const auto text = context.read(path);
    bytes += text ? text->size() : 0;
    if (text) add_texts(*text, place, texts);
  }
}

}  // namespace

bool is_compiled_code(std::string_view name) {
  constexpr std::string_view endings[] = {".c", ".cc", ".cpp", ".go", ".java", ".kt", ".rs", ".scala"};
  return std::ranges::any_of(endings, [&](std::string_view ending) { return name.ends_with(ending); });
}

MentionedNames::MentionedNames(const BuildContext& context, const std::string& directory, const std::string& place,
                               const std::vector<std::string>& others) {
  for (const auto& other : others)
    if (other != place && path_is_under(other, place)) texts_.push_back(relative_path(place, other));
  std::size_t bytes = 0;
  read_directory(context, directory, place, 0, bytes, texts_);
  add({});
}

void MentionedNames::add(std::vector<std::string> texts) {
  std::ranges::move(texts, std::back_inserter(texts_));
  std::ranges::sort(texts_);
  texts_.erase(std::unique(texts_.begin(), texts_.end()), texts_.end());
}

std::vector<std::string> MentionedNames::below(const BuildContext& context, const std::string& directory,
                                               std::string_view name) const {
  std::vector<std::string> found;
  std::size_t looked_up = 0;
  const auto prefix = std::string(name) + '/';
  for (auto at = std::ranges::lower_bound(texts_, prefix); at != texts_.end() && at->starts_with(prefix); ++at) {
    const auto path = clean_path(*at);
    if (path == name || !path_is_under(path, name) || is_compiled_code(path) || ++looked_up > most_lookups) continue;
    const bool is_in_another =
        std::ranges::any_of(found, [&](const std::string& other) { return path_is_under(path, other); });
    if (!is_in_another && context.exists(join_context_path(directory, path))) found.push_back(path);
  }
  return found;
}

bool MentionedNames::has(std::string_view name) const {
  const auto begins = [&](std::string_view text) { return std::string_view(text).starts_with(name); };
  for (auto at =
           std::ranges::lower_bound(texts_, name, {}, [](const std::string& text) { return std::string_view(text); });
       at != texts_.end() && begins(*at); ++at)
    if (at->size() == name.size() || (*at)[name.size()] == '/') return true;
  return false;
}

}  // namespace dockhew::inline stages
