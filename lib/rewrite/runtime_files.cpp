#include "rewrite/runtime_files.hpp"

#include <algorithm>
#include <array>

#include "analysis/manifests.hpp"
#include "text/path.hpp"

namespace dockhew {
namespace {

constexpr std::array<std::string_view, 32> build_files = {
    "Cargo.*",      "build.rs",       "rust-toolchain*", "rustfmt.toml",  "clippy.toml", "deny.toml",
    "go.*",         "Makefile*",      "makefile",        "justfile",      "Dockerfile*", "*.Dockerfile",
    "*.dockerfile", "Containerfile*", "docker-compose*", "compose*.y*ml", "README*",     "LICENSE*",
    "COPYING*",     "CHANGELOG*",     "CONTRIBUTING*",   "NOTICE*",       "*.md",        "*.rst",
    "Taskfile*",    "renovate.json",  "codecov.yml",     "Jenkinsfile",   "*.nix",       "*.lock",
    "VERSION",      "Procfile"};
constexpr std::array<std::string_view, 10> build_directories = {
    "target", "vendor", "tests", "test", "benches", "examples", "docs", "doc", "node_modules", "testdata"};
constexpr std::array<std::string_view, 9> source_endings = {".rs",  ".go",    ".c",  ".h", ".cc",
                                                            ".cpp", ".proto", ".sh", ".s"};
constexpr int deepest = 6;

bool is_source(std::string_view name) {
  if (name.starts_with('.')) return true;
  if (std::ranges::any_of(source_endings, [&](std::string_view ending) { return name.ends_with(ending); })) return true;
  return std::ranges::any_of(build_files, [&](std::string_view pattern) { return glob_match(pattern, name); });
}

bool holds_data(const BuildContext& context, const std::string& directory, int depth) {
  if (depth > deepest) return true;  // better one directory too many than a missing file
  for (const auto& name : context.entries(directory)) {
    const auto path = join_context_path(directory, name);
    const auto kind = context.kind(path);
    if (kind == PathKind::file && !is_source(name)) return true;
    if (kind == PathKind::directory && !name.starts_with('.') && holds_data(context, path, depth + 1)) return true;
  }
  return false;
}

}  // namespace

std::vector<std::string> find_runtime_files(const BuildContext& context, const std::string& directory) {
  std::vector<std::string> found;
  for (const auto& name : context.entries(directory)) {
    const auto path = join_context_path(directory, name);
    const auto kind = context.kind(path);
    if (kind == PathKind::file && !is_source(name)) found.push_back(name);
    const bool build_directory =
        name.starts_with('.') || name == "src" || std::ranges::find(build_directories, name) != build_directories.end();
    if (kind == PathKind::directory && !build_directory && holds_data(context, path, 1)) found.push_back(name);
  }
  return found;
}

}  // namespace dockhew
