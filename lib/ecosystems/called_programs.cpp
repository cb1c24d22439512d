#include "ecosystems/called_programs.hpp"

#include <algorithm>
#include <array>

#include "model/context_path.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr int deepest = 12;
constexpr std::size_t most_bytes = 16U << 20U;

bool is_of_project(std::string_view directory) {
  constexpr std::array<std::string_view, 8> others = {"__tests__", "docs",  "e2e",  "node_modules",
                                                      "test",      "tests", "venv", "site-packages"};
  return !directory.starts_with('.') && std::ranges::find(others, directory) == others.end();
}

bool continues_name(char c) {
  return c == '.' || c == '_' || c == '$' || ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9');
}

// `subprocess.run` before its bracket.
std::string_view called_at(std::string_view source, std::size_t bracket) {
  auto begin = bracket;
  while (begin > 0 && continues_name(source[begin - 1])) --begin;
  return source.substr(begin, bracket - begin);
}

// The first word of the first text in the call, without directories; empty where the call does not begin with a text.
std::string first_word(std::string_view arguments) {
  const auto quote = arguments.find_first_not_of(" \t\r\n[(fr");
  if (quote == arguments.npos || std::string_view("\"'`").find(arguments[quote]) == std::string_view::npos) return {};
  const auto text = arguments.substr(quote + 1, 200);
  return std::string(path_basename(text.substr(0, text.find_first_of(" \"'`$;|&\n"))));
}

struct Search {
  const BuildContext& context;
  const Runtime& runtime;
  std::set<std::string> programs;
  std::size_t read = 0;

  void in(const std::string& directory, int depth) {
    for (const auto& name : context.entries(directory)) {
      if (read > most_bytes) return;
      const auto path = join_context_path(directory, name);
      const auto kind = context.kind(path);
      if (kind == PathKind::directory && depth < deepest && is_of_project(name)) in(path, depth + 1);
      const bool runs =
          std::ranges::any_of(runtime.script_endings, [&](std::string_view ending) { return name.ends_with(ending); });
      if (kind != PathKind::file || !runs) continue;
      const auto text = context.read(path);
      if (!text) continue;
      read += text->size();
      add_called_programs(*text, runtime, programs);
    }
  }
};

}  // namespace

void add_called_programs(std::string_view source, const Runtime& runtime, std::set<std::string>& programs) {
  for (auto at = source.find('('); at != source.npos; at = source.find('(', at + 1)) {
    const auto called = called_at(source, at);
    if (std::ranges::find(runtime.starting_calls, called) == runtime.starting_calls.end()) continue;
    if (auto word = first_word(source.substr(at + 1)); !word.empty()) programs.insert(std::move(word));
  }
}

std::set<std::string> find_called_programs(const BuildContext& context, const std::string& root,
                                           const Runtime& runtime) {
  if (!context.is_known() || runtime.starting_calls.empty()) return {};
  Search search{context, runtime, {}, 0};
  search.in(root, 0);
  return std::move(search.programs);
}

}  // namespace dockhew::inline ecosystems
