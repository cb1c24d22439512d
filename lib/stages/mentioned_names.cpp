#include "stages/mentioned_names.hpp"

#include <algorithm>

#include "model/context_path.hpp"

namespace dockhew::inline stages {
namespace {

constexpr int deepest = 10;
constexpr std::size_t most_bytes = 16U << 20U;
constexpr std::size_t longest_text = 200;

// Of compiled languages, as they are usually called; other files are read as they are, or not at all.
bool is_code(std::string_view name) {
  constexpr std::string_view endings[] = {".c", ".cc", ".cpp", ".go", ".java", ".kt", ".rs", ".scala"};
  return std::ranges::any_of(endings, [&](std::string_view ending) { return name.ends_with(ending); }) &&
         !name.ends_with("_test.go");
}

// The texts between quotes on one line.
void add_texts(std::string_view source, std::vector<std::string>& texts) {
  for (std::size_t i = 0; i < source.size(); ++i) {
    const char quote = source[i];
    if (quote != '"' && quote != '`') continue;
    const auto rest = source.substr(i + 1, longest_text);
    const auto end = rest.find_first_of(quote == '"' ? "\"\n" : "`\n");
    if (end == rest.npos || rest[end] == '\n') continue;
    auto text = rest.substr(0, end);
    i += end + 1;
    if (text.starts_with("./")) text.remove_prefix(2);
    if (!text.empty()) texts.emplace_back(text);
  }
}

void read_directory(const BuildContext& context, const std::string& directory, int depth, std::size_t& bytes,
                    std::vector<std::string>& texts) {
  for (const auto& name : context.entries(directory)) {
    if (name.starts_with('.') || bytes > most_bytes) continue;
    const auto path = join_context_path(directory, name);
    const auto kind = context.kind(path);
    if (kind == PathKind::directory && depth < deepest) read_directory(context, path, depth + 1, bytes, texts);
    if (kind != PathKind::file || !is_code(name)) continue;
    const auto text = context.read(path);
    bytes += text ? text->size() : 0;
    if (text) add_texts(*text, texts);
  }
}

}  // namespace

MentionedNames::MentionedNames(const BuildContext& context, const std::string& directory) {
  std::size_t bytes = 0;
  read_directory(context, directory, 0, bytes, texts_);
  std::ranges::sort(texts_);
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
