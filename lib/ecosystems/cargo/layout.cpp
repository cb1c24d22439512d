#include "ecosystems/cargo/layout.hpp"

#include <algorithm>
#include <set>

#include "ecosystems/named_files.hpp"
#include "model/context_path.hpp"
#include "model/ignored_by_git.hpp"
#include "text/limits.hpp"
#include "text/path.hpp"
#include "text/toml.hpp"

namespace dockhew::inline ecosystems {
namespace {

// Programs of a package, and those of all packages; members of a workspace.
constexpr std::size_t most_programs = 1000;

class LayoutReader {
 public:
  LayoutReader(const BuildContext& context, std::string root) : context_(context), root_(std::move(root)) {}

  Outcome<CargoLayout> read(const std::string& directory) {
    layout_.workspace = find_workspace(directory);
    member(layout_.workspace);
    member(directory);
    look_at_missing();
    add_settings(directory);
    for (const auto& above : directories_above(directory, root_)) add_settings(above);
    add_lock(join_context_path(layout_.workspace, "Cargo.lock"));
    if (!default_members_.empty())
      std::erase_if(layout_.binaries,
                    [&](const CargoBinary& binary) { return !default_members_.contains(binary.directory); });
    if (obstacle_) return *obstacle_;
    return std::move(layout_);
  }

 private:
  void decline(std::string reason) {
    if (!obstacle_) obstacle_ = Declined{std::move(reason)};
  }

  void decline_many(const char* what, const std::string& directory) {
    decline("`" + join_context_path(directory, "Cargo.toml") + "` names too many " + what);
  }

  void add_file(const std::string& path) {
    if (has(path)) layout_.manifests.push_back(path);
  }

  // A file that Git leaves alone is on some machines and not on others, and a wildcard takes it where it is.
  void add_lock(const std::string& path) {
    if (is_ignored_by_git(context_, path)) layout_.manifests.push_back(path + '*');
    else add_file(path);
  }

  void add_settings(const std::string& directory) {
    for (const auto* name : {"rust-toolchain", "rust-toolchain.toml"}) {
      const auto path = join_context_path(directory, name);
      if (context_.read(path).value_or("").find("path") != std::string::npos)
        return decline("`" + path + "` names a toolchain that may be in the source");
      add_file(path);
    }
    for (const auto* name : {".cargo/config.toml", ".cargo/config"}) {
      const auto path = join_context_path(directory, name);
      if (auto obstacle = obstacle_in_cargo_settings(context_, path)) return decline(std::move(obstacle->reason));
      add_file(path);
    }
  }

  // Cargo searches the directories above the package for a manifest with a [workspace] that does not exclude it.
  std::string find_workspace(const std::string& directory) {
    const auto manifest = [&](const std::string& path) {
      return parse_toml(context_.read(join_context_path(path, "Cargo.toml")).value_or(""));
    };
    if (const auto own = manifest(directory)) {
      if (own->contains("workspace")) return directory;
      if (const auto named = (*own)["package"]["workspace"].value<std::string>())
        return join_context_path(directory, *named);
    }
    for (const auto& above : directories_above(directory, root_)) {
      const auto parsed = manifest(above);
      if (!parsed) continue;
      const auto* workspace = (*parsed)["workspace"].as_table();
      if (workspace != nullptr && !excluded_members(*workspace, above).contains(directory)) return above;
    }
    return directory;
  }

  void member(const std::string& directory) {
    if (obstacle_ || !seen_.insert(directory).second) return;
    if (depth_ == limits::deepest_nesting)
      return decline("more than " + std::to_string(depth_) + " crates depend on one another, up to `" + directory +
                     "`");
    ++depth_;
    read_member(directory);
    --depth_;
  }

  void read_member(const std::string& directory) {
    if (directory.starts_with("..")) return decline("a crate is outside the build context");
    if (!path_is_under(directory, root_) && root_ != ".") return decline("a crate is outside the copied directory");
    const auto path = join_context_path(directory, "Cargo.toml");
    const auto text = context_.read(path);
    if (!text) return decline("`" + path + "` is not in the build context");
    const auto parsed = parse_toml(*text);
    if (!parsed) return decline("`" + path + "` could not be read");
    const auto& manifest = *parsed;
    layout_.manifests.push_back(path);
    if (const auto* package = manifest["package"].as_table()) targets(manifest, *package, directory);
    else if (!manifest.contains("workspace"))
      return decline("`" + path + "` declares neither a package nor a workspace");
    if (const auto* workspace = manifest["workspace"].as_table()) members(*workspace, directory);
    for (const auto* section : {"dependencies", "dev-dependencies", "build-dependencies"})
      path_dependencies(manifest[section].as_table(), directory);
    if (const auto* workspace = manifest["workspace"].as_table())
      shared_dependencies((*workspace)["dependencies"].as_table(), directory);
    if (const auto* patches = manifest["patch"].as_table())
      for (const auto& [registry, table] : *patches) path_dependencies(table.as_table(), directory);
    if (const auto* platforms = manifest["target"].as_table())
      for (const auto& [platform, table] : *platforms)
        if (const auto* target = table.as_table())
          for (const auto* section : {"dependencies", "build-dependencies"})
            path_dependencies((*target)[section].as_table(), directory);
  }

  static std::set<std::string> excluded_members(const toml::table& workspace, const std::string& directory) {
    std::set<std::string> excluded;
    if (const auto* list = workspace["exclude"].as_array())
      for (const auto& item : *list)
        if (const auto name = item.value<std::string>()) excluded.insert(join_context_path(directory, *name));
    return excluded;
  }

  void members(const toml::table& workspace, const std::string& directory) {
    for (const auto* key : {"default-members", "members"})
      if (const auto* list = workspace[key].as_array(); list != nullptr && list->size() > limits::patterns_expanded)
        return decline_many("members", directory);
    const auto excluded = excluded_members(workspace, directory);
    if (const auto* list = workspace["default-members"].as_array())
      for (const auto& item : *list)
        for (const auto& path : context_.expand(join_context_path(directory, item.value_or(std::string()))))
          default_members_.insert(path);
    const auto* list = workspace["members"].as_array();
    if (list == nullptr) return;
    for (const auto& item : *list) {
      const auto pattern = item.value<std::string>();
      if (!pattern) continue;
      for (const auto& path : context_.expand(join_context_path(directory, *pattern))) {
        if (excluded.contains(path) || context_.kind(path) != PathKind::directory) continue;
        if (context_.exists(join_context_path(path, "Cargo.toml"))) member(path);
      }
    }
  }

  void path_dependencies(const toml::table* dependencies, const std::string& directory) {
    if (dependencies == nullptr) return;
    for (const auto& [name, value] : *dependencies)
      if (const auto* table = value.as_table()) {
        if (const auto path = (*table)["path"].value<std::string>()) member(join_context_path(directory, *path));
        if ((*table)["workspace"].value_or(false)) inherited_.emplace(name.str());
      }
  }

  // Those of a workspace. Cargo reads none that no package takes over, so that one may be missing; shown with 1.95.
  void shared_dependencies(const toml::table* dependencies, const std::string& directory) {
    if (dependencies == nullptr) return;
    for (const auto& [name, value] : *dependencies) {
      const auto* table = value.as_table();
      const auto path = table != nullptr ? (*table)["path"].value<std::string>() : std::nullopt;
      if (!path) continue;
      const auto crate = join_context_path(directory, *path);
      if (!crate.starts_with("..") && !context_.exists(join_context_path(crate, "Cargo.toml")))
        missing_.emplace_back(name.str(), crate);
      else member(crate);
    }
  }

  void look_at_missing() {
    for (const auto& [name, crate] : missing_)
      if (inherited_.contains(name))
        decline("`" + join_context_path(crate, "Cargo.toml") + "` is not in the build context");
  }

  bool has(const std::string& path) const { return context_.kind(path) == PathKind::file; }

  void program(const std::string& path) {
    if (programs_.insert(path).second) layout_.programs.push_back(path);
  }

  void binary(const std::string& name, const toml::table& package, const std::string& directory) {
    if (name.empty() || !binaries_.emplace(directory, name).second) return;
    layout_.binaries.push_back({name, package["name"].value_or(std::string()), directory});
  }

  // The crate roots that Cargo finds by itself, and those named in the manifest.
  void targets(const toml::table& manifest, const toml::table& package, const std::string& directory) {
    const auto in = [&](std::string_view name) { return join_context_path(directory, name); };
    const auto* library = manifest["lib"].as_table();
    const auto library_path =
        library != nullptr ? (*library)["path"].value_or(std::string("src/lib.rs")) : std::string("src/lib.rs");
    if (library != nullptr || has(in("src/lib.rs"))) layout_.libraries.push_back(in(library_path));
    const auto package_name = package["name"].value_or(std::string());
    std::set<std::string> paths;  // of the programs that the manifest names, whose names may differ from their files
    if (const auto* list = manifest["bin"].as_array(); list != nullptr && list->size() > most_programs)
      return decline_many("programs", directory);
    else if (list != nullptr)
      for (const auto& item : *list)
        if (const auto* table = item.as_table()) {
          const bool optional = table->contains("required-features");
          if (!optional) binary((*table)["name"].value_or(std::string()), package, directory);
          paths.insert((*table)["path"].value_or(std::string()));
        }
    const auto found = [&](const std::string& path, const std::string& name) {
      program(in(path));
      if (!paths.contains(path) && package["autobins"].value_or(true)) binary(name, package, directory);
    };
    if (has(in("src/main.rs"))) found("src/main.rs", package_name);
    for (const auto& name : context_.entries(in("src/bin"))) {
      if (layout_.programs.size() > most_programs) return decline_many("programs", directory);
      if (name.ends_with(".rs")) found("src/bin/" + name, name.substr(0, name.size() - 3));
      else if (has(in("src/bin/" + name + "/main.rs"))) found("src/bin/" + name + "/main.rs", name);
    }
    const auto named = [&](const char* section, const std::string& folder) {
      const auto* list = manifest[section].as_array();
      if (list == nullptr || obstacle_) return;
      if (layout_.programs.size() + list->size() > most_programs) return decline_many("programs", directory);
      for (const auto& item : *list) {
        const auto* table = item.as_table();
        if (table == nullptr) continue;
        const auto name = (*table)["name"].value_or(std::string());
        if (const auto path = (*table)["path"].value<std::string>()) program(in(*path));
        else if (folder == "src/bin" && name == package_name && has(in("src/main.rs"))) program(in("src/main.rs"));
        else if (has(in(folder + "/" + name + "/main.rs"))) program(in(folder + "/" + name + "/main.rs"));
        else program(in(folder + "/" + name + ".rs"));
      }
    };
    named("bin", "src/bin");
    named("example", "examples");
    named("test", "tests");
    named("bench", "benches");
    // Without its build script Cargo does not compile what that needs. One that the manifest does not name is used if
    // it is there, unless the manifest forbids that.
    const bool found_script = has(in("build.rs")) && package["build"].value_or(true);
    if (const auto script = package["build"].value<std::string>()) program(in(*script));
    else if (package.contains("links") || found_script) program(in("build.rs"));
    if (layout_.libraries.empty() && layout_.programs.empty())
      decline("the package in `" + in("Cargo.toml") + "` has no targets in the build context");
  }

  const BuildContext& context_;
  std::string root_;
  CargoLayout layout_;
  Obstacle obstacle_;
  unsigned depth_ = 0;  // manifests that led to the one that is read
  std::set<std::string> seen_, default_members_, programs_;
  std::set<std::pair<std::string, std::string>> binaries_;  // directory and name
  std::set<std::string> inherited_;                         // dependencies that packages take over from their workspace
  std::vector<std::pair<std::string, std::string>> missing_;  // of a workspace: name and directory
};

}  // namespace

Obstacle obstacle_in_cargo_settings(const BuildContext& context, const std::string& path) {
  const auto text = context.read(path).value_or("");
  for (const auto* word : {"directory", "local-registry", "paths", "include", "./"})
    if (text.find(word) != text.npos) return Declined{"`" + path + "` may name other files in the source"};
  return file_named_by_settings(context, path, ".", {}, {});
}

Outcome<CargoLayout> read_cargo_layout(const BuildContext& context, const std::string& directory,
                                       const std::string& root) {
  return LayoutReader(context, root).read(directory);
}

}  // namespace dockhew::inline ecosystems
