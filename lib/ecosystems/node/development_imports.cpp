#include "ecosystems/node/development_imports.hpp"

#include <algorithm>

#include "model/context_path.hpp"
#include "text/json.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr int deepest = 12;
constexpr std::size_t most_bytes = 16U << 20U;

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> any_of) {
  return std::ranges::find(any_of, text) != any_of.end();
}

bool is_source_file(std::string_view name, bool at_root) {
  const auto has = [&](std::string_view part) { return name.find(part) != name.npos; };
  const auto dot = name.rfind('.');
  if (name.starts_with('.') || dot == name.npos ||
      !is_one_of(name.substr(dot), {".cjs", ".cts", ".js", ".jsx", ".mjs", ".mts", ".ts", ".tsx"}))
    return false;
  if (has(".d.ts") || has(".spec.") || has(".stories.") || has(".test.")) return false;
  return !at_root || (!has(".config.") && !name.starts_with("Gruntfile") && !name.starts_with("gulpfile"));
}

bool is_source_directory(std::string_view name) {
  return !name.starts_with('.') && !is_one_of(name, {"__mocks__", "__tests__", "coverage", "cypress", "docs", "e2e",
                                                     "node_modules", "spec", "specs", "test", "tests"});
}

// "@scope/name" of "@scope/name/part"; empty for a path and for a module of Node itself.
std::string package_of(std::string_view module) {
  const auto first = module.empty() ? '.' : module.front();
  if (first == '.' || first == '/' || first == '#' || first == '~' || module.find(':') != module.npos) return {};
  auto end = module.find('/');
  if (first == '@' && end != module.npos) end = module.find('/', end + 1);
  return std::string(module.substr(0, end));
}

std::string_view without_space_behind(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\n' || text.back() == '\r'))
    text.remove_suffix(1);
  return text;
}

bool ends_with_word(std::string_view text, std::string_view word) {
  if (!text.ends_with(word)) return false;
  const auto before = text.substr(0, text.size() - word.size());
  const char last = before.empty() ? ' ' : before.back();
  return last != '.' && last != '_' && last != '$' && !('a' <= last && last <= 'z') && !('A' <= last && last <= 'Z') &&
         !('0' <= last && last <= '9');
}

// Whether the text before a string makes it the name of a module.
bool names_module(std::string_view before) {
  before = without_space_behind(before);
  if (before.ends_with('(')) {
    before = without_space_behind(before.substr(0, before.size() - 1));
    return ends_with_word(before, "require") || ends_with_word(before, "import") || before.ends_with("require.resolve");
  }
  if (ends_with_word(before, "import")) return true;
  if (!ends_with_word(before, "from")) return false;
  // `import type { A } from`
  constexpr std::size_t longest = 2000;
  const auto start = before.size() > longest ? before.substr(before.size() - longest) : before;
  const auto statement = std::max(start.rfind("import") + 1, start.rfind("export") + 1);
  return statement == 0 || !start.substr(statement + 5).starts_with(" type ") ||
         start.substr(statement + 5).starts_with(" type from");
}

// The end of the comment or the string that begins at `at`; `at` itself where neither does.
std::size_t end_of_comment(std::string_view source, std::size_t at) {
  const auto rest = source.substr(at);
  if (rest.starts_with("//")) return std::min(source.find('\n', at), source.size());
  if (!rest.starts_with("/*")) return at;
  const auto end = source.find("*/", at + 2);
  return end == source.npos ? source.size() : end + 2;
}

// Which packages `npm prune` removes: by the lock file, or, without one that can be read, by package.json.
class Declared {
 public:
  Declared(const BuildContext& context, const std::string& root) {
    package_ = read(context, join_context_path(root, "package.json"));
    lock_ = read(context, join_context_path(root, "package-lock.json"));
  }

  bool is_development(const std::string& name) const {
    if (const auto* packages = lock_.find("packages"); packages != nullptr && packages->contains("")) {
      const auto* entry = packages->find("node_modules/" + name);
      const auto* dev = entry == nullptr ? nullptr : entry->find("dev");
      return dev != nullptr && dev->dump() == "true";
    }
    const auto in = [&](std::string_view list) {
      const auto* names = package_.find(list);
      return names != nullptr && names->contains(name);
    };
    return in("devDependencies") && !in("dependencies") && !in("optionalDependencies");
  }

 private:
  static Json read(const BuildContext& context, const std::string& path) {
    const auto text = context.read(path);
    return text ? parse_json(*text).value : Json();
  }
  Json package_, lock_;
};

class Search {
 public:
  Search(const BuildContext& context, const std::string& root) : context_(context), declared_(context, root) {}

  std::optional<DevelopmentImport> in(const std::string& directory, int depth) {
    for (const auto& name : context_.entries(directory)) {
      if (read_ > most_bytes) return std::nullopt;
      const auto path = join_context_path(directory, name);
      const auto kind = context_.kind(path);
      std::optional<DevelopmentImport> found;
      if (kind == PathKind::directory && depth < deepest && is_source_directory(name)) found = in(path, depth + 1);
      if (kind == PathKind::file && is_source_file(name, depth == 0)) found = in_file(path);
      if (found) return found;
    }
    return std::nullopt;
  }

 private:
  std::optional<DevelopmentImport> in_file(const std::string& path) {
    const auto text = context_.read(path);
    if (!text) return std::nullopt;
    read_ += text->size();
    for (auto& package : imported_packages(*text))
      if (declared_.is_development(package)) return DevelopmentImport{std::move(package), path};
    return std::nullopt;
  }

  const BuildContext& context_;
  const Declared declared_;
  std::size_t read_ = 0;  // bytes
};

}  // namespace

std::vector<std::string> imported_packages(std::string_view source) {
  std::vector<std::string> packages;
  for (std::size_t i = 0; i < source.size(); ++i) {
    if (const auto end = end_of_comment(source, i); end != i) {
      i = end;
      continue;
    }
    const char quote = source[i];
    if (quote != '"' && quote != '\'' && quote != '`') continue;
    const auto end = source.find_first_of(quote == '`' ? std::string_view("`$") : std::string_view(&quote, 1), i + 1);
    if (end == source.npos) break;
    const bool one_line = source.substr(i, end - i).find('\n') == source.npos;
    if (!one_line && quote != '`') continue;  // an apostrophe
    if (names_module(source.substr(0, i)))
      if (auto package = package_of(source.substr(i + 1, end - i - 1)); !package.empty())
        packages.push_back(std::move(package));
    if (source[end] == quote) i = end;
  }
  return packages;
}

std::optional<DevelopmentImport> find_development_import(const BuildContext& context, const std::string& root) {
  if (!context.is_known()) return std::nullopt;
  return Search(context, root).in(root, 0);
}

}  // namespace dockhew::inline ecosystems
