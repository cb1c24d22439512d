#include "project/compose_mounts.hpp"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "files.hpp"
#include "text/path.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

// Whether a command starts something that is in a directory: `/core/run`, `sh -c "node /core/a.js"`.
bool starts_from(std::string_view text, std::string_view directory) {
  std::size_t place = 0;  // of a word in its command
  while (!text.empty()) {
    const auto begin = text.find_first_not_of(" \t\"'");
    if (begin == text.npos) return false;
    text.remove_prefix(begin);
    const auto word = text.substr(0, text.find_first_of(" \t\"'"));
    text.remove_prefix(word.size());
    if (place < 2 && word.starts_with('/') && path_is_under(clean_path(word), directory)) return true;
    place = word == "&&" || word == "||" || word == "|" || word == "-c" || word == "exec" || word.ends_with(';')
                ? 0
                : place + 1;
  }
  return false;
}

void forget_mounted_programs(const std::vector<std::pair<std::string, std::string>>& volumes, Build& build) {
  for (const auto& [source, target] : volumes) {
    if (path_is_under(source, build.context)) continue;
    for (auto& start : build.starts)
      if (starts_from(start.text, target)) start.text.clear();
  }
}

// Directories whose files say what a program does elsewhere too, in the language of the program or not.
bool is_for_settings(std::string_view path) {
  constexpr std::string_view names[] = {"certs",   "conf",   "config",  "configs",  "data",   "db",
                                        "docs",    "init",   "initdb",  "logs",     "media",  "migrations",
                                        "plugins", "public", "scripts", "settings", "static", "tests"};
  return std::ranges::find(names, path_basename(path)) != std::end(names);
}

// Whether a directory has files of a language, in it or near below.
bool holds_source(const std::string& directory) {
  constexpr int most_looked_at = 500, deepest_looked_at = 3;
  std::error_code error;
  int count = 0;
  fs::recursive_directory_iterator it(directory, fs::directory_options::skip_permission_denied, error), end;
  for (; !error && it != end && ++count <= most_looked_at; it.increment(error)) {
    if (it.depth() >= deepest_looked_at || it->path().filename() == "node_modules") it.disable_recursion_pending();
    if (is_source_name(it->path().filename().string())) return true;
  }
  return false;
}

// The directory of the container into which the source is laid, where a part of it is mounted at its own place there:
// `./server:/app/server`, `./entrypoint.sh:/app/entrypoint.sh`. Empty for settings and data, which those have as well
// who do not change the program.
std::string place_of_mounted_part(const std::string& context, const std::string& source, const std::string& target) {
  const auto part = fs::path(source).lexically_relative(context).generic_string();
  if (part.empty() || part == "." || part.starts_with("..") || !target.ends_with('/' + part)) return {};
  std::error_code error;
  const bool starts = path_basename(part).find("entrypoint") != std::string_view::npos && part.find('.') != part.npos;
  if (!(fs::is_directory(source, error) ? !is_for_settings(part) && holds_source(source) : starts)) return {};
  return target.size() == part.size() + 1 ? "/" : target.substr(0, target.size() - part.size() - 1);
}

}  // namespace

void add_mounts(const std::vector<std::pair<std::string, std::string>>& volumes, Build& build) {
  for (const auto& [source, target] : volumes) {
    if (source == build.context) build.mounted_over.insert(target);
    else if (auto place = place_of_mounted_part(build.context, source, target); !place.empty())
      build.mounted_over.insert(std::move(place));
    if (std::error_code error; fs::is_directory(source, error)) build.bound_over.insert(target);
  }
  forget_mounted_programs(volumes, build);
}

}  // namespace dockhew::cli
