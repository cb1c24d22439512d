#include "ecosystems/node/development_imports.hpp"

#include <algorithm>
#include <string_view>

#include "ecosystems/node/required_modules.hpp"
#include "model/context_path.hpp"
#include "text/json.hpp"

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

// Which packages pruning removes: by npm's lock file, or, where that does not name a package, by package.json. Yarn's
// does not say which of its packages are for development, so what package.json does not name may go.
class Declared {
 public:
  Declared(const BuildContext& context, const std::string& root) {
    package_ = read(context, join_context_path(root, "package.json"));
    lock_ = read(context, join_context_path(root, "package-lock.json"));
    if (const auto text = context.read(join_context_path(root, "yarn.lock"))) yarn_lock_ = *text;
  }

  bool is_development(const std::string& name) const {
    if (const auto* packages = lock_.find("packages"); packages != nullptr && packages->contains("")) {
      if (const auto* entry = packages->find("node_modules/" + name)) {
        const auto* dev = entry->find("dev");
        return dev != nullptr && dev->dump() == "true";
      }
    }
    const auto in = [&](std::string_view list) {
      const auto* names = package_.find(list);
      return names != nullptr && names->contains(name);
    };
    if (in("dependencies") || in("optionalDependencies")) return false;
    return in("devDependencies") || yarn_lock_.find('\n' + name + '@') != yarn_lock_.npos ||
           yarn_lock_.find("\n\"" + name + '@') != yarn_lock_.npos;
  }

 private:
  static Json read(const BuildContext& context, const std::string& path) {
    const auto text = context.read(path);
    return text ? parse_json(*text).value : Json();
  }
  Json package_, lock_;
  std::string yarn_lock_;
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
    for (const auto& module : find_required_modules(*text)) {
      auto package = package_of_module(module);
      if (!package.empty() && declared_.is_development(package)) return DevelopmentImport{std::move(package), path};
    }
    return std::nullopt;
  }

  const BuildContext& context_;
  const Declared declared_;
  std::size_t read_ = 0;  // bytes
};

}  // namespace

std::optional<DevelopmentImport> find_development_import(const BuildContext& context, const std::string& root) {
  if (!context.is_known()) return std::nullopt;
  return Search(context, root).in(root, 0);
}

}  // namespace dockhew::inline ecosystems
