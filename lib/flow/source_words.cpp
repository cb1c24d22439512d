#include "flow/source_words.hpp"

#include <algorithm>

#include "flow/project_tree.hpp"
#include "model/context_path.hpp"

namespace dockhew::inline flow {
namespace {

constexpr std::size_t most_files = 4000, most_bytes = std::size_t{16} << 20U;

bool is_code(std::string_view name) {
  constexpr std::string_view endings[] = {".c",     ".cc",  ".clj",   ".cpp", ".cs",  ".cxx",  ".dart", ".ex", ".exs",
                                          ".fs",    ".go",  ".h",     ".hpp", ".hs",  ".java", ".jl",   ".js", ".kt",
                                          ".lua",   ".mjs", ".ml",    ".nim", ".php", ".pl",   ".py",   ".rb", ".rs",
                                          ".scala", ".sh",  ".swift", ".ts",  ".vb",  ".zig"};
  return std::ranges::any_of(endings, [&](std::string_view ending) { return name.ends_with(ending); });
}

}  // namespace

bool source_may_have(const BuildContext& context, std::span<const std::string_view> words) {
  const auto tree = project_tree(context);
  std::size_t files = 0, bytes = 0;
  for (const auto& directory : tree->directories)
    for (const auto& name : directory.names) {
      if (!is_code(name)) continue;
      if (++files > most_files || bytes > most_bytes) return true;
      const auto text = context.read(join_context_path(directory.path, name));
      if (!text) continue;
      bytes += text->size();
      if (std::ranges::any_of(words, [&](std::string_view word) { return text->find(word) != text->npos; }))
        return true;
    }
  return !tree->complete;
}

}  // namespace dockhew::inline flow
