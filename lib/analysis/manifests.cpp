#include "analysis/manifests.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "text/path.hpp"
#include "text/utf8.hpp"

namespace dockhew {
namespace {

using nlohmann::json;

const Assumption no_install_scripts{"no-install-scripts",
                                    "package.json has no install lifecycle scripts that read the source"};
const Assumption no_workspaces{"no-workspaces", "package.json declares neither workspaces nor dependencies by path"};
const Assumption not_overwritten{
    "no-installed-files",
    "the build context holds no node_modules that the later COPY would put over the installed one"};
const Assumption lock_in_sync{
    "lock-in-sync",
    "package-lock.json, if there is one, matches package.json, so that `npm install` leaves it as it is"};
const Assumption self_contained{"self-contained-requirements",
                                "the requirements name no local paths and no files besides those copied"};
const Assumption no_local_modules{"no-local-modules",
                                  "go.mod replaces no module by a directory, and there is neither go.work nor vendor/"};

// The context paths of those names that are files in a directory.
std::vector<std::string> present(const BuildContext& context, const std::string& directory,
                                 const std::vector<std::string>& names) {
  std::vector<std::string> found;
  for (const auto& name : names)
    if (context.kind(join_context_path(directory, name)) == PathKind::file)
      found.push_back(join_context_path(directory, name));
  return found;
}

// Why a package.json ties its installation to the source; empty when it does not.
std::string npm_obstacle(const std::string& text) {
  const auto package = json::parse(text, nullptr, false);
  if (!package.is_object()) return "package.json could not be read";
  if (package.contains("workspaces"))
    return "package.json declares workspaces, whose manifests lie in other directories";
  if (const auto scripts = package.find("scripts"); scripts != package.end() && scripts->is_object())
    for (const auto* name :
         {"preinstall", "install", "postinstall", "prepare", "prepublish", "preprepare", "postprepare"})
      if (scripts->contains(name))
        return std::string("package.json has the install lifecycle script `") + name + "`, which may read the source";
  for (const auto* section : {"dependencies", "devDependencies", "optionalDependencies"}) {
    const auto dependencies = package.find(section);
    if (dependencies == package.end() || !dependencies->is_object()) continue;
    for (const auto& [name, version] : dependencies->items()) {
      if (!version.is_string()) continue;
      const auto& wanted = version.get_ref<const std::string&>();
      if (wanted.starts_with("file:") || wanted.starts_with("link:") || wanted.starts_with('.') ||
          wanted.starts_with('/'))
        return "the dependency `" + name + "` is a local path";
    }
  }
  return {};
}

Manifests npm_manifests(const Dockerfile& file, const ToolUse& use, const std::string& directory) {
  Manifests result;
  const auto& context = file.context();
  const bool frozen = use.action->words.front() == "ci" || use.action->words.front() == "clean-install";
  if (!context.is_known()) {
    result.paths = {join_context_path(directory, "package*.json")};
    result.assumptions = {no_install_scripts, no_workspaces, not_overwritten};
    if (!frozen) result.assumptions.push_back(lock_in_sync);
    return result;
  }
  const auto text = context.read(join_context_path(directory, "package.json"));
  if (!text) {
    result.declined = "package.json is not in the build context";
    return result;
  }
  result.declined = npm_obstacle(*text);
  if (result.declined.empty() && context.exists(join_context_path(directory, "binding.gyp")))
    result.declined = "binding.gyp makes npm compile the source during installation";
  if (result.declined.empty() && context.exists(join_context_path(directory, "node_modules")))
    result.declined =
        "the build context holds a node_modules directory, which a later COPY would put over the installed one; "
        "exclude it in .dockerignore";
  result.paths = present(context, directory, use.tool->manifests);
  if (!frozen && context.exists(join_context_path(directory, "package-lock.json")))
    result.assumptions.push_back(lock_in_sync);
  return result;
}

// Requirement files include others; everything they name must be known.
void read_requirements(Manifests& result, const BuildContext& context, const std::string& path,
                       std::set<std::string>& seen) {
  if (!result.declined.empty() || !seen.insert(path).second) return;
  const auto text = context.read(path);
  if (!text) {
    result.declined = "`" + path + "` is not in the build context";
    return;
  }
  std::string_view rest = *text;
  while (!rest.empty()) {
    const auto newline = rest.find('\n');
    auto line = trim_unicode(rest.substr(0, newline));
    rest.remove_prefix(newline == rest.npos ? rest.size() : newline + 1);
    if (line.empty() || line.starts_with('#')) continue;
    std::string_view included;
    for (const auto option : {std::string_view("-r"), std::string_view("--requirement"), std::string_view("-c"),
                              std::string_view("--constraint")}) {
      if (!line.starts_with(option)) continue;
      const auto behind = line.substr(option.size());
      if (behind.starts_with(' ') || behind.starts_with('=') || (option.size() == 2 && !behind.empty()))
        included = trim_unicode(behind.substr(behind.starts_with(' ') || behind.starts_with('=') ? 1 : 0));
    }
    if (!included.empty()) {
      read_requirements(result, context, clean_path(std::string(path_parent(path)) + '/' + std::string(included)),
                        seen);
    } else if (line.starts_with("-e") || line.starts_with("--editable") || line.starts_with("-f") ||
               line.starts_with("--find-links") || line.starts_with('.') || line.starts_with('/') ||
               line.starts_with("file:") || line.find("@ file:") != line.npos ||
               (line.find(".whl") != line.npos && line.find("://") == line.npos)) {
      result.declined = "`" + path + "` names a local path: `" + std::string(line) + "`";
    }
  }
}

Manifests pip_manifests(const Dockerfile& file, const ToolUse& use, const std::string& directory) {
  Manifests result;
  std::set<std::string> paths;
  for (const auto i : use.manifests) {
    const auto& word = use.command->words[i];
    if (!word.value.is_known() || word.text().starts_with('/')) {
      result.declined = "the path of the requirements file is not relative to the source";
      return result;
    }
    if (word.text().find("://") != std::string::npos) continue;
    const auto path = join_context_path(directory, word.text());
    if (path.starts_with("..")) {
      result.declined = "the requirements file lies outside of the source";
      return result;
    }
    if (file.context().is_known()) read_requirements(result, file.context(), path, paths);
    else paths.insert(path);
  }
  if (!file.context().is_known()) result.assumptions.push_back(self_contained);
  result.paths.assign(paths.begin(), paths.end());
  return result;
}

Manifests go_manifests(const Dockerfile& file, const std::string& directory) {
  Manifests result;
  const auto& context = file.context();
  if (!context.is_known()) {
    result.paths = {join_context_path(directory, "go.mod"), join_context_path(directory, "go.sum*")};
    result.assumptions.push_back(no_local_modules);
    return result;
  }
  const auto text = context.read(join_context_path(directory, "go.mod"));
  if (!text) result.declined = "go.mod is not in the build context";
  else if (context.exists(join_context_path(directory, "go.work")))
    result.declined = "go.work joins modules of several directories";
  else if (context.exists(join_context_path(directory, "vendor"))) result.declined = "the modules are vendored";
  else if (const auto at = text->find("=> ."); at != std::string::npos)
    result.declined = "go.mod replaces a module by a directory";
  result.paths = present(context, directory, {"go.mod", "go.sum"});
  return result;
}

// A file of the source that the command is told about beside the manifests: a directory of packages, a certificate, a
// configuration. Empty when there is none.
std::string other_file(const Dockerfile& file, const ToolUse& use, const std::string& directory) {
  constexpr std::string_view options[] = {"-f", "--find-links", "--cert", "--client-cert", "--userconfig"};
  const auto& words = use.command->words;
  for (std::size_t i = use.first; i < words.size(); ++i) {
    if (std::ranges::find(use.manifests, i) != use.manifests.end()) continue;
    const std::string& raw = words[i].value.is_known() ? words[i].text() : words[i].raw;
    const auto equals = raw.starts_with('-') ? raw.find('=') : raw.npos;
    const auto value = equals == raw.npos ? raw : raw.substr(equals + 1);
    if (value.empty() || (value.starts_with('-') && equals == raw.npos) || value.find("://") != value.npos) continue;
    const auto& option = equals == raw.npos ? words[i - 1].raw : raw.substr(0, equals);
    const bool takes_path = std::ranges::find(options, option) != std::end(options);
    const bool is_there = file.context().is_known() && file.context().exists(join_context_path(directory, value));
    if (takes_path || value.starts_with("./") || value.starts_with("../") || (is_there && value != ".")) return value;
  }
  return {};
}

}  // namespace

std::string join_context_path(std::string_view directory, std::string_view name) {
  return clean_path(std::string(directory) + '/' + std::string(name));
}

Manifests find_manifests(const Dockerfile& file, const ToolUse& use, const std::string& directory) {
  if (use.tool->id == "go" && !use.has_option("-modfile")) return go_manifests(file, directory);
  Manifests result;
  if (use.tool->id != "npm" && use.tool->id != "pip")
    result.declined = "what " + use.tool->title + " reads for its dependencies is not in the tables";
  else if (const auto path = other_file(file, use, directory); !path.empty())
    result.declined = "the installation is told of `" + path + "`, which the source brings";
  else result = use.tool->id == "npm" ? npm_manifests(file, use, directory) : pip_manifests(file, use, directory);
  return result;
}

}  // namespace dockhew
