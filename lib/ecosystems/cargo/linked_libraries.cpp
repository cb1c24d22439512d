#include "ecosystems/cargo/linked_libraries.hpp"

#include <optional>
#include <set>

#include "effects/source_parts.hpp"
#include "model/context_path.hpp"
#include "model/site.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

// The directories of the context in which a stage builds with Cargo.
std::set<std::string> built_projects(const Dockerfile& file, const Stage& stage) {
  std::set<std::string> projects;
  if (!file.context().is_known()) return projects;
  for (const auto& step : stage.steps) {
    if (!step.script) continue;
    for (const auto& use : step.script->uses) {
      if (use.tool->id != "cargo" || use.action->kind != ActionKind::build || !use.command->directory.is_known())
        continue;
      const auto before = Site{file, stage, step}.earlier().size();
      if (const auto root = project_in_context(file, stage, before, use.command->directory.text))
        projects.insert(*root);
    }
  }
  return projects;
}

// Of a project, or of the workspace above it.
std::optional<std::string> lock_file_of(const BuildContext& context, const std::string& project) {
  auto lock = context.read(join_context_path(project, "Cargo.lock"));
  for (const auto& directory : directories_above(project, ".")) {
    if (lock) break;
    lock = context.read(join_context_path(directory, "Cargo.lock"));
  }
  return lock;
}

// Whether a crate's entry says that it compiles the library itself: `openssl-sys` then needs `openssl-src`, and
// `libsqlite3-sys` a C compiler.
bool is_bundled(std::string_view crate, std::string_view entry) {
  return entry.find("-src\"") != entry.npos || (crate == "libsqlite3-sys" && entry.find("\"cc\"") != entry.npos);
}

void add_libraries(const NameMap<std::string_view>& table, std::string_view lock, std::set<std::string>& libraries) {
  constexpr std::string_view heading = "[[package]]", key = "name = \"";
  for (auto at = lock.find(heading); at != lock.npos;) {
    const auto next = lock.find(heading, at + 1);
    const auto entry = lock.substr(at, next - at);
    at = next;
    const auto name = entry.find(key);
    if (name == entry.npos) continue;
    const auto begin = name + key.size();
    const auto crate = entry.substr(begin, entry.find('"', begin) - begin);
    const auto found = table.find(crate);
    if (found == table.end() || is_bundled(crate, entry)) continue;
    for (const auto library : split_words(found->second)) libraries.emplace(library);
  }
}

// Others have no headers unless the file installs them.
bool has_headers(const Stage& stage) {
  return stage.image && stage.image->distribution == "debian" && !stage.image->slim;
}

}  // namespace

std::vector<std::string> linked_libraries(const Dockerfile& file, const Stage& stage) {
  const auto table = file.facts().needed_packages.find("cargo");
  if (!has_headers(stage) || table == file.facts().needed_packages.end()) return {};
  std::set<std::string> libraries;
  for (const auto& project : built_projects(file, stage))
    if (const auto lock = lock_file_of(file.context(), project)) add_libraries(table->second, *lock, libraries);
  return {libraries.begin(), libraries.end()};
}

Obstacle linked_libraries_unknown(const Dockerfile& file, const Stage& stage) {
  if (!has_headers(stage)) return std::nullopt;
  for (const auto& project : built_projects(file, stage)) {
    const auto manifest = file.context().read(join_context_path(project, "Cargo.toml"));
    if (!manifest || manifest->find("dependencies") == manifest->npos || lock_file_of(file.context(), project))
      continue;
    return Declined{"Cargo.lock is not in the build context, so it is not known which libraries of `" +
                    stage.base.text + "` the program loads"};
  }
  return std::nullopt;
}

}  // namespace dockhew::inline ecosystems
