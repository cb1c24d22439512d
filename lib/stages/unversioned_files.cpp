#include "stages/unversioned_files.hpp"

#include <algorithm>
#include <string_view>

#include "ecosystems/ecosystem.hpp"
#include "ecosystems/project_sources.hpp"
#include "model/context_path.hpp"
#include "model/gitignore.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline stages {
namespace {

constexpr std::string_view ignore_file = ".gitignore";
constexpr std::size_t most_files = 10;  // more of them nobody keeps
constexpr std::size_t most_directories = 50;

// What people write and programs only read, by its name. Data is made by the program that reads it.
bool is_settings(std::string_view path) {
  constexpr std::string_view endings[] = {".cfg", ".conf", ".crt", ".env",        ".hcl",  ".ini",  ".jks", ".json",
                                          ".key", ".p12",  ".pem", ".properties", ".toml", ".yaml", ".yml"};
  const auto name = path_basename(path);
  return name.starts_with(".env") ||
         std::ranges::any_of(endings, [&](std::string_view ending) { return name.ends_with(ending); });
}

bool is_plain(std::string_view path) {
  return path.find_first_of("*?[]!#\\$%{}<>:\"' ") == path.npos && !path.starts_with('/') && !path.starts_with("..");
}

class Search {
 public:
  Search(const Dockerfile& file, const std::string& directory, const MentionedNames& mentioned)
      : context_(file.context()), directory_(directory), mentioned_(mentioned) {
    add_lines(context_.origin().unversioned, ".");
    std::vector<std::string> places = {"."};
    if (directory != ".") places.push_back(directory);
    for (const auto& place : places)
      add_lines(context_.read_if_not_ignored(join_context_path(place, ignore_file)).value_or(""), place);
  }

  void add_named() {
    for (const auto& text : mentioned_.texts())
      if (is_plain(text) && is_settings(text)) add(text);
    std::vector<std::string> directories;
    for (const auto& place : mentioned_.texts())
      if (directories.size() < most_directories && is_plain(place) &&
          context_.kind(join_context_path(directory_, place)) == PathKind::directory)
        directories.push_back(clean_path(place));
    // `SetConfigName("config")`: names without their endings, beside what an ignore file names.
    for (const auto& line : lines_) {
      if (found_.size() == most_files) return;
      const auto name = std::string(path_basename(line));
      const auto stem = name.substr(0, name.rfind('.'));
      if (!is_plain(line) || !is_settings(line) || name.starts_with('.') || !mentioned_.has(stem)) continue;
      add(line);
      if (line == name)
        for (const auto& place : directories) add(join_context_path(place, name));
    }
  }

  // Where the project is told to leave it alone, and it is not there.
  void add(const std::string& name) {
    const auto below = clean_path(name);
    const auto path = join_context_path(directory_, below);
    if (found_.size() == most_files || std::ranges::find(found_, below) != found_.end()) return;
    if (!ignore_.ignores(path, false) || context_.ignore().excludes(path) || context_.exists(path)) return;
    if (context_.kind(std::string(path_parent(path))) == PathKind::directory || path_parent(path).empty() ||
        path_parent(path) == ".")
      found_.push_back(below);
  }

  std::vector<std::string> found() && { return std::move(found_); }

 private:
  void add_lines(const std::string& text, const std::string& place) {
    ignore_.add(text, place);
    for (auto line : split_lines(text)) {
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (line.starts_with('/')) line.remove_prefix(1);
      if (!line.empty()) lines_.emplace_back(line);
    }
  }

  const BuildContext& context_;
  const std::string& directory_;
  const MentionedNames& mentioned_;
  GitIgnore ignore_;
  std::vector<std::string> lines_, found_;
};

// `godotenv.Load()`, which reads `.env` without naming it.
bool reads_settings(const Dockerfile& file, const Stage& stage, const std::string& directory) {
  const auto* ecosystem = ecosystem_of(stage);
  if (ecosystem == nullptr || ecosystem->runtime == nullptr) return false;
  bool found = false;
  for_each_source(file.context(), directory, *ecosystem->runtime, [&](const std::string&, const std::string& text) {
    found |= std::ranges::any_of(ecosystem->settings_readers,
                                 [&](std::string_view reader) { return text.find(reader) != text.npos; });
  });
  return found;
}

}  // namespace

std::vector<std::string> find_unversioned_files(const Dockerfile& file, const Stage& stage,
                                                const std::string& directory, const MentionedNames& mentioned) {
  Search search(file, directory, mentioned);
  search.add_named();
  if (reads_settings(file, stage, directory)) search.add(".env");
  return std::move(search).found();
}

}  // namespace dockhew::inline stages
