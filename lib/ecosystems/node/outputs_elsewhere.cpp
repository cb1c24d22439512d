#include "ecosystems/node/outputs_elsewhere.hpp"

#include <algorithm>
#include <array>

#include "model/context_path.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::size_t longest_value = 200;  // between a key and the end of its path
constexpr int most_extended = 8;

// Files, by a pattern of their names, and the keys whose values are where a tool writes.
struct Configuration {
  std::string_view file;
  std::array<std::string_view, 4> keys;
  std::string_view section = {};  // whose braces they stand in
};
// https://www.typescriptlang.org/tsconfig/, https://vite.dev/config/build-options,
// https://webpack.js.org/configuration/, https://nextjs.org/docs/app/api-reference/config/next-config-js/distDir,
// https://www.prisma.io/docs/orm/prisma-schema, https://esbuild.github.io/api/
constexpr Configuration configurations[] = {
    {"tsconfig*.json", {"outDir", "outFile", "declarationDir", ""}},
    {"vite.config.*", {"outDir", "", "", ""}},
    {"webpack*.js", {"path", "", "", ""}, "output"},
    {"webpack*.ts", {"path", "", "", ""}, "output"},
    {"rollup.config.*", {"dir", "file", "", ""}, "output"},
    {"next.config.*", {"distDir", "", "", ""}},
    {"vue.config.js", {"outputDir", "", "", ""}},
    {"angular.json", {"outputPath", "", "", ""}},
    {"*.prisma", {"output", "", "", ""}},
    {"esbuild*.*", {"outdir", "outfile", "", ""}},
    {"build.*", {"outdir", "outfile", "", ""}},
};

bool is_quote(char c) { return c == '"' || c == '\'' || c == '`'; }
bool is_blank(char c) { return c == ' ' || c == '\t'; }

// Whether a path leads out of the directory that it is relative to.
bool leads_out(std::string_view path) {
  if (path.starts_with('/')) return true;
  int depth = 0;
  while (!path.empty()) {
    const auto part = path.substr(0, path.find('/'));
    if (part == "..") --depth;
    else if (!part.empty() && part != ".") ++depth;
    if (depth < 0) return true;
    path.remove_prefix(std::min(part.size() + 1, path.size()));
  }
  return false;
}

// The path that is the value of a key: `"outDir": "../dist"`, `path: path.resolve(__dirname, '..', 'dist')`. Empty
// where it stays in the directory. `below`: from the project down to the file.
std::string path_behind(std::string_view rest, std::string_view below) {
  while (!rest.empty() && (is_blank(rest[0]) || is_quote(rest[0]))) rest.remove_prefix(1);
  if (rest.empty() || (rest[0] != ':' && rest[0] != '=')) return {};
  rest = rest.substr(1, longest_value);
  rest = rest.substr(0, rest.find('\n'));
  std::string path;
  bool first = true;
  for (std::size_t at = 0; at < rest.size(); ++at) {
    if (rest[at] == ';' || rest[at] == '}' || (rest[at] == ',' && rest.substr(0, at).find('(') == rest.npos)) break;
    // `require('path').resolve(__dirname, '../dist')`
    const bool goes_on = rest[at] == ')' && rest.substr(at).starts_with(").");
    if (goes_on) path.clear(), first = true;
    if (rest[at] == ')' && !goes_on) break;
    if (!is_quote(rest[at])) continue;
    const auto end = rest.find(rest[at], at + 1);
    if (end == rest.npos) break;
    path += (first ? "" : "/") + std::string(rest.substr(at + 1, end - at - 1));
    first = false;
    at = end;
  }
  if (path.empty() || path.find("${") != path.npos) return {};
  const auto whole = path.starts_with('/') || below.empty() ? path : std::string(below) + '/' + path;
  return leads_out(whole) ? path : std::string();
}

// What stands in the braces behind the name of a section; all where there is none.
std::string_view section_in(std::string_view text, std::string_view section) {
  if (section.empty()) return text;
  const auto at = text.find(section);
  const auto open = at == text.npos ? at : text.find('{', at);
  if (open == text.npos) return {};
  int depth = 0;
  for (auto end = open; end < text.size(); ++end) {
    if (text[end] == '{') ++depth;
    if (text[end] == '}' && --depth == 0) return text.substr(open, end + 1 - open);
  }
  return text.substr(open);
}

std::string output_in(std::string_view whole, const Configuration& configuration, std::string_view below) {
  const auto text = section_in(whole, configuration.section);
  for (const auto key : configuration.keys) {
    if (key.empty()) continue;
    for (auto at = text.find(key); at != text.npos; at = text.find(key, at + 1)) {
      const bool begins = at == 0 || is_quote(text[at - 1]) || is_blank(text[at - 1]) || text[at - 1] == '\n' ||
                          text[at - 1] == '{' || text[at - 1] == ',';
      const auto path = begins ? path_behind(text.substr(at + key.size()), below) : std::string();
      if (!path.empty()) return path;
    }
  }
  return {};
}

// The file that `"extends": "../tsconfig.base.json"` names.
std::string extended_by(std::string_view text) {
  constexpr std::string_view key = "\"extends\"";
  const auto at = text.find(key);
  if (at == text.npos) return {};
  const auto open = text.find('"', at + key.size());
  const auto path = open == text.npos ? std::string_view() : text.substr(open + 1, text.find('"', open + 1) - open - 1);
  if (!path.starts_with('.')) return {};
  return std::string(path) + (path.ends_with(".json") ? "" : ".json");
}

Declined outside(const std::string& file, const std::string& path) {
  return {"`" + file + "` has the build write to `" + path + "`, which is outside the project"};
}

}  // namespace

Obstacle output_outside(const BuildContext& context, const std::string& root) {
  if (!context.is_known()) return std::nullopt;
  for (const std::string below : {"", "prisma", "scripts", "config"}) {
    const auto directory = join_context_path(root, below.empty() ? "." : below);
    for (const auto& name : context.entries(directory))
      for (const auto& configuration : configurations) {
        if (!glob_match(configuration.file, name)) continue;
        auto path = join_context_path(directory, name);
        auto from = below;
        for (int i = 0; i < most_extended; ++i) {
          const auto text = context.read(path);
          if (!text) break;
          if (const auto output = output_in(*text, configuration, from); !output.empty()) return outside(path, output);
          const auto extended = path.ends_with(".json") ? extended_by(*text) : std::string();
          if (extended.empty()) break;
          path = join_context_path(path_parent(path), extended);
          // Paths of a file that is extended start where it lies.
          from = path_is_under(path, root) || root == "."
                     ? std::string(path_parent(path) == root ? "" : relative_path(root, path_parent(path)))
                     : "..";
          if (from == ".") from.clear();
        }
      }
  }
  return std::nullopt;
}

}  // namespace dockhew::inline ecosystems
