#include "ecosystems/python/requirements.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <set>

#include "ecosystems/command_effects.hpp"
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/plain_manifest.hpp"
#include "ecosystems/python/pyproject.hpp"
#include "effects/source_copy.hpp"
#include "model/context_path.hpp"
#include "text/limits.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline ecosystems {
namespace {

const Assumption self_contained{"self-contained-requirements",
                                "the requirements name no local paths, and no files other than those copied"};

// `-r base.txt`, `--constraint=versions.txt`; empty when the line includes nothing.
std::string_view included_file(std::string_view line) {
  std::string_view included;
  for (const std::string_view option : {"-r", "--requirement", "-c", "--constraint"}) {
    if (!line.starts_with(option)) continue;
    const auto after = line.substr(option.size());
    const bool separated = after.starts_with(' ') || after.starts_with('=');
    if (separated || (option.size() == 2 && !after.empty())) included = trim_unicode(after.substr(separated ? 1 : 0));
  }
  return included;
}

// Without a comment, what is asked of the environment, and options of this line: `libs/foo ; python_version < "3"`.
std::string_view requirement_of(std::string_view line) {
  for (const std::string_view end : {" #", "\t#", ";", " --"}) line = line.substr(0, line.find(end));
  if (line.ends_with('\\')) line.remove_suffix(1);
  return trim_unicode(line);
}

// As pip tells paths from names: a separator, a dot at the beginning, the ending of an archive.
bool is_path(std::string_view requirement) {
  constexpr std::array<std::string_view, 12> archives = {".bz2", ".gz",  ".lz",  ".lzma", ".tar", ".tbz",
                                                         ".tgz", ".tlz", ".txz", ".whl",  ".xz",  ".zip"};
  const auto name = requirement.substr(0, requirement.find('['));  // the extras of a path follow it
  return requirement.starts_with('.') || requirement.find_first_of("/\\") != requirement.npos ||
         std::ranges::any_of(archives, [&](std::string_view ending) { return name.ends_with(ending); });
}

// The value of `-f https://…`, `--find-links=https://…`; empty for a line without one of the options.
std::string_view value_behind(std::string_view line, std::initializer_list<std::string_view> options) {
  for (const auto option : options)
    if (line.starts_with(option)) {
      line.remove_prefix(option.size());
      if (line.starts_with('=')) line.remove_prefix(1);
      return trim_unicode(line);
    }
  return {};
}

bool is_address(std::string_view value) { return value.find("://") != value.npos && value.find("file:") == value.npos; }

bool names_local_path(std::string_view line) {
  if (const auto links = value_behind(line, {"--find-links", "-f"}); !links.empty()) return !is_address(links);
  if (!value_behind(line, {"--editable", "-e"}).empty()) return true;
  if (line.find("file:") != line.npos) return true;
  if (line.starts_with('-')) return false;  // `--index-url https://…`, `--hash=…`
  const auto requirement = requirement_of(line);
  return requirement.find("://") == requirement.npos && is_path(requirement);
}

// `-e git+https://…` is cloned to a directory of the project, where it is used.
std::string said_of_local(const std::string& path, std::string_view line) {
  const bool cloned = is_address(value_behind(line, {"--editable", "-e"}));
  return '`' + path + "` " + (cloned ? "installs a clone in the project" : "names a local path") + ": `" +
         std::string(line) + '`';
}

// Adds the list at `path` and all that it includes; `depth`: lists that lead to this one.
Obstacle read_list(const BuildContext& context, const std::string& path, std::set<std::string>& seen,
                   unsigned depth = 0) {
  if (!seen.insert(path).second) return std::nullopt;
  if (depth == limits::deepest_nesting)
    return Declined{"more than " + std::to_string(depth) + " lists of requirements include one another, up to `" +
                    path + "`"};
  const auto text = context.read(path);
  if (!text && context.exists(path)) return Declined{"`" + path + "` could not be read as text"};
  if (!text) return Declined{"`" + path + "` is not in the build context"};
  std::string_view rest = *text;
  while (!rest.empty()) {
    const auto newline = rest.find('\n');
    const auto line = trim_unicode(rest.substr(0, newline));
    rest.remove_prefix(newline == rest.npos ? rest.size() : newline + 1);
    if (line.empty() || line.starts_with('#')) continue;
    if (const auto included = included_file(line); !included.empty()) {
      const auto below = clean_path(std::string(path_parent(path)) + '/' + std::string(included));
      if (auto obstacle = read_list(context, below, seen, depth + 1)) return obstacle;
    } else if (names_local_path(line)) {
      return Declined{said_of_local(path, line)};
    }
  }
  return std::nullopt;
}

// uv reads settings next to the requirements, where pip has none.
Obstacle read_settings(const BuildContext& context, const std::string& directory, std::set<std::string>& paths) {
  constexpr std::array<std::string_view, 2> names = {"uv.toml", "pyproject.toml"};
  for (auto& path : present(context, directory, names)) {
    if (path.ends_with("pyproject.toml"))
      if (auto obstacle = pyproject_obstacle(context.read(path).value_or(""))) return obstacle;
    if (auto obstacle = obstacle_in_settings(context, {path}, uv_settings)) return obstacle;
    paths.insert(std::move(path));
  }
  return std::nullopt;
}

// What a word names, seen from where the command runs: `/app/requirements.txt` in `/app` is `requirements.txt`. Nothing
// for other places, nor where a COPY brings the file from elsewhere in the source.
std::optional<std::string> name_in_project(const Site& site, const ShellCommand& command, const ShellWord& word,
                                           const Project& project) {
  if (!word.value.is_known()) return std::nullopt;
  const auto& text = word.text();
  if (!text.starts_with('/')) return text;
  const auto path = clean_path(text);
  // Where the COPY that brings it is seen, the project may lie elsewhere than the command runs.
  if (const auto source = file_in_context(site, path);
      source && project.directory != "." && source->starts_with(project.directory + '/'))
    return source->substr(project.directory.size() + 1);
  if (!command.directory.is_known() || !path_is_under(path, command.directory.text)) return std::nullopt;
  auto below = path.substr(command.directory.text.size());
  below.erase(0, below.find_first_not_of('/'));
  if (site.context().is_known() && file_in_context(site, path) != join_context_path(project.directory, below))
    return std::nullopt;
  return below;
}

// The command before a use that makes a file of the image; null when none is seen to.
const ShellCommand* maker_of(const Site& site, const ToolUse& use, const std::string& path) {
  const auto made_by = [&](const Site& any) -> const ShellCommand* {
    if (!any.step.script) return nullptr;
    for (const auto& command : any.step.script->commands) {
      if (&command == use.command) break;
      if (derives_manifest(command, path)) return &command;
      for (const auto& written : command_effects(any, command).writes.paths)
        if (path_is_under(path, written.path)) return &command;
    }
    return nullptr;
  };
  if (const auto* command = made_by(site)) return command;
  for (const auto& earlier : site.earlier())
    if (const auto* command = made_by(site.at(earlier))) return command;
  return nullptr;
}

// A list that is not in the context because the build makes it.
Obstacle made_in_build(const Site& site, const ToolUse& use, const ShellWord& word, const std::string& in_context) {
  const auto path = path_of(*use.command, word);
  if (!path || site.context().exists(in_context)) return std::nullopt;
  const auto* maker = maker_of(site, use, *path);
  if (maker == nullptr) return std::nullopt;
  return Declined{"`" + maker->name() + "` makes `" + word.text() + "` after the source has been copied"};
}

}  // namespace

Outcome<Manifests> find_requirements(const Site& site, const ToolUse& use, const Project& project) {
  const auto& context = site.context();
  std::set<std::string> paths;
  for (const auto i : use.manifests) {
    const auto& word = use.command->words[i];
    const auto name = name_in_project(site, *use.command, word, project);
    if (!name) return Declined{"the path of the requirements file is not relative to the source"};
    if (name->find("://") != std::string::npos) continue;
    const auto path = join_context_path(project.directory, *name);
    if (path.starts_with("..")) return Declined{"the requirements file is outside the source"};
    if (!context.is_known()) paths.insert(path);
    else if (auto made = made_in_build(site, use, word, path)) return *made;
    else if (auto obstacle = read_list(context, path, paths)) return *obstacle;
  }
  Manifests result;
  if (!context.is_known()) result.assumptions.push_back(self_contained);
  else if (use.tool->id == "uv")
    if (auto obstacle = read_settings(context, project.directory, paths)) return *obstacle;
  result.paths.assign(paths.begin(), paths.end());
  return result;
}

}  // namespace dockhew::inline ecosystems
