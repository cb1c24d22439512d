#include "ecosystems/source_words.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "effects/source_parts.hpp"
#include "model/context_path.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr int deepest = 24;  // Java has a directory for each part of a package's name
constexpr std::size_t most_bytes = 16U << 20U;

bool continues_word(char c) {
  return c == '_' || ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9');
}

// `// …`, `# …`, and what a comment of several lines usually begins its lines with.
bool is_in_comment(std::string_view source, std::size_t at) {
  const auto before = source.substr(0, at);
  const auto line = trim_unicode(before.substr(before.rfind('\n') + 1));
  return line.starts_with('#') || line.starts_with('*') || line.starts_with("/*") ||
         (line.find("//") != line.npos && line.find("://") == line.npos);
}

bool has_word(std::string_view source, std::string_view word) {
  for (auto at = source.find(word); at != source.npos; at = source.find(word, at + 1))
    if ((at == 0 || !continues_word(source[at - 1])) && !is_in_comment(source, at)) return true;
  return false;
}

struct Search {
  const BuildContext& context;
  const Runtime& runtime;
  Words words;
  std::optional<SourceWord> found = {};
  std::size_t read = 0;

  bool is_source(std::string_view name) const {
    const auto ends = [&](std::string_view ending) { return name.ends_with(ending); };
    return (std::ranges::any_of(runtime.script_endings, ends) || std::ranges::any_of(runtime.source_endings, ends)) &&
           std::ranges::none_of(runtime.building_files, ends);
  }

  void in(const std::string& directory, int depth) {
    for (const auto& name : context.entries(directory)) {
      if (found || read > most_bytes) return;
      auto path = join_context_path(directory, name);
      const auto kind = context.kind(path);
      if (kind == PathKind::directory && depth < deepest && is_of_program(name)) in(path, depth + 1);
      if (kind != PathKind::file || !is_source(name) || found) continue;
      const auto text = context.read(path);
      if (!text) continue;
      read += text->size();
      for (const auto word : words)
        if (!found && has_word(*text, word)) found = {std::move(path), word};
    }
  }
};

}  // namespace

std::optional<SourceWord> find_source_word(const BuildContext& context, const std::string& root, const Runtime& runtime,
                                           Words words) {
  if (!context.is_known()) return std::nullopt;
  Search search{context, runtime, words};
  search.in(root, 0);
  return std::move(search.found);
}

std::vector<std::string> packages_of_source(const Dockerfile& file, const Stage& stage, const Runtime& runtime,
                                            std::string_view table) {
  const auto rows = file.facts().needed_packages.find(table);
  if (rows == file.facts().needed_packages.end() || stage.image->distribution != "debian") return {};
  const auto root =
      stage.workdir.is_known() ? project_in_context(file, stage, stage.steps.size(), stage.workdir.text) : std::nullopt;
  std::map<std::string_view, std::vector<std::string_view>> words_of;  // by package: the source is read once for each
  for (const auto& [word, package] : rows->second) words_of[package].push_back(word);
  std::vector<std::string> packages;
  for (const auto& [package, words] : words_of)
    if (find_source_word(file.context(), root.value_or("."), runtime, words)) packages.emplace_back(package);
  return packages;
}

bool is_of_program(std::string_view directory) {
  constexpr std::array<std::string_view, 13> others = {"__tests__",    "benches",       "buildSrc", "docs", "e2e",
                                                       "node_modules", "site-packages", "target",   "test", "testdata",
                                                       "tests",        "vendor",        "venv"};
  return !directory.starts_with('.') && std::ranges::find(others, directory) == others.end();
}

}  // namespace dockhew::inline ecosystems
