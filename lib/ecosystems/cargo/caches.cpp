#include "ecosystems/cargo/caches.hpp"

#include <algorithm>

#include "effects/source_parts.hpp"
#include "model/context_path.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr IntermediateFiles build_directory = {
    .tool = "cargo", .variable = "CARGO_BUILD_BUILD_DIR", .directory = "/var/cache/cargo-build"};

// Below the target directory Cargo's results are `release/app` or `x86_64-unknown-linux-musl/release/app`.
bool is_result(std::string_view path, std::string_view target) {
  if (!path_is_under(path, target) || path.size() <= target.size()) return false;
  const auto below = path.substr(target.size() + 1);
  const auto depth = std::ranges::count(below, '/');
  constexpr std::string_view intermediate[] = {"deps", "build", "incremental", "examples", "native", ".fingerprint"};
  const auto is_intermediate = [&](std::string_view name) {
    return std::ranges::find(intermediate, name) != std::end(intermediate);
  };
  return (depth == 1 || depth == 2) && !is_intermediate(path_basename(below)) &&
         !is_intermediate(path_basename(path_parent(below)));
}

}  // namespace

// Since 1.93 (`build.build-dir`, stabilized in 1.91) Cargo can keep its intermediate files, which are what is worth
// caching, apart from its results.
std::optional<IntermediateFiles> cargo_intermediate_files(const Site& site, std::string_view artifact,
                                                          std::string_view mounted) {
  const auto& image = site.stage.image;
  const bool has_option = image && image->entry->language == "rust" && version_at_least(image->version, "1.93");
  return has_option && is_result(artifact, mounted) ? std::optional(build_directory) : std::nullopt;
}

bool cargo_fills_nothing_in(const Site& site, const ToolUse& use, const ToolCache& cache) {
  const auto& directory = use.command->directory;
  if (!cache.path.ends_with("/git/db") || use.action->kind != ActionKind::build || !directory.is_known() ||
      !site.context().is_known())
    return false;
  const auto project = project_in_context(site.file, site.stage, site.earlier().size(), directory.text);
  if (!project) return false;
  const auto path = join_context_path(*project, "Cargo.lock");
  const auto names_none = [&] {
    const auto lock = site.context().read(path);
    return lock && lock->find("[[package]]") != lock->npos && lock->find("git+") == lock->npos;
  };
  return *site.context().answer("names no Git repository: " + path, names_none);
}

}  // namespace dockhew::inline ecosystems
