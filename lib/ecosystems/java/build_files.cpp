#include "ecosystems/java/build_files.hpp"

#include <string_view>
#include <utility>

#include "ecosystems/project_sources.hpp"
#include "model/context_path.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr int deepest = 8;
constexpr std::size_t most_files = 500;

bool is_build_file(std::string_view name) {
  return name == "pom.xml" || name.ends_with(".gradle") || name.ends_with(".gradle.kts") ||
         name == "libs.versions.toml";
}

void read_directory(const BuildContext& context, const std::string& directory, int depth,
                    std::vector<BuildFile>& files) {
  for (const auto& name : context.entries(directory)) {
    if (files.size() == most_files) return;
    auto path = join_context_path(directory, name);
    const auto kind = context.kind(path);
    if (kind == PathKind::directory && depth < deepest && name != "src" && is_of_program(name))
      read_directory(context, path, depth + 1, files);
    if (kind != PathKind::file || !is_build_file(name)) continue;
    if (auto text = context.read(path)) files.push_back({std::move(path), std::move(*text)});
  }
}

}  // namespace

std::vector<BuildFile> read_build_files(const BuildContext& context) {
  std::vector<BuildFile> files;
  if (context.is_known()) read_directory(context, ".", 0, files);
  return files;
}

}  // namespace dockhew::inline ecosystems
