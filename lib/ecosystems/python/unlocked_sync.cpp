#include "ecosystems/python/unlocked_sync.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "ecosystems/changed_manifest.hpp"
#include "ecosystems/installation.hpp"
#include "effects/environment.hpp"
#include "effects/source_parts.hpp"
#include "model/context_path.hpp"
#include "model/ignored_by_git.hpp"
#include "text/toml.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline ecosystems {
namespace {

// Options that have no say in which versions are taken.
constexpr std::string_view plain_options[] = {"--all-extras",
                                              "--all-groups",
                                              "--compile-bytecode",
                                              "--dev",
                                              "--extra",
                                              "--group",
                                              "--link-mode",
                                              "--no-cache",
                                              "--no-default-groups",
                                              "--no-dev",
                                              "--no-editable",
                                              "--no-extra",
                                              "--no-group",
                                              "--no-install-project",
                                              "--no-install-workspace",
                                              "--no-progress",
                                              "--quiet",
                                              "--verbose",
                                              "-n",
                                              "-q",
                                              "-v"};

// What a command says that is about pyproject.toml or uv.lock.
constexpr std::string_view manifest_names[] = {"pyproject.toml", "uv add",     "uv lock",
                                               "uv remove",      "uv version", "uv.lock"};

// `uv sync`, with options that only say what of the lock file is installed.
bool syncs_as_asked(const Site& site, const ToolUse& use) {
  if (use.tool->id != "uv" || use.command->nested || !is_plain_installation(use)) return false;
  const auto is_other = [](const ShellWord& word) {
    return !word.value.is_known() ||
           (word.raw.starts_with('-') &&
            std::ranges::find(plain_options, word.raw.substr(0, word.raw.find('='))) == std::end(plain_options));
  };
  if (std::ranges::any_of(use.command->words, is_other)) return false;
  constexpr std::string_view deciding[] = {"UV_FROZEN", "UV_LOCKED", "UV_NO_SYNC", "UV_PROJECT",
                                           "UV_WORKING_DIRECTORY"};
  return std::ranges::all_of(deciding, [&](std::string_view name) {
    const auto value = environment(site, *use.command, name);
    return !value.is_known() && !value.is_unknown();
  });
}

// As https://packaging.python.org/en/latest/specifications/name-normalization/ says.
std::string normalized(std::string_view name) {
  std::string text;
  for (const char c : name)
    if (c != '-' && c != '_' && c != '.') text += to_lower_ascii(std::string_view(&c, 1));
    else if (!text.ends_with('-')) text += '-';
  return text;
}

std::string string_at(const toml::table& table, std::string_view key) {
  const auto* found = table.get_as<std::string>(key);
  return found == nullptr ? std::string() : found->get();
}

// The parts of `>=1, <2` in one order, without blanks.
std::string in_one_order(std::string_view list, char separator = ',') {
  std::string text(list);
  std::erase_if(text, [](char c) { return c == ' ' || c == '\t'; });
  std::set<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(separator, begin), text.size());
    parts.insert(text.substr(begin, end - begin));
    begin = end + 1;
  }
  std::string sorted;
  for (const auto& part : parts) sorted += part + separator;
  return sorted;
}

// What a manifest or its lock file asks for: "group/name[extras]>=1,<2,", the names alone, and whether that is all.
struct AskedFor {
  std::set<std::string> requirements;
  std::set<std::string, std::less<>> names;
  bool is_comparable = true;
};

// `uvicorn[standard]>=0.30`; what has a marker or an address stands there in other words.
void add_requirement(AskedFor& asked, std::string_view group, const toml::node& node) {
  const auto text = node.value_or(std::string());
  const auto name_end = std::min(text.find_first_of(" \t[<>=!~;@("), text.size());
  if (text.empty() || text.find_first_of(";@(") != text.npos) asked.is_comparable = false;
  const auto name = normalized(std::string_view(text).substr(0, name_end));
  if (!name.empty()) asked.names.insert(name);
  auto rest = std::string_view(text).substr(name_end);
  std::string extras;
  if (const auto open = rest.find('['); open != rest.npos) {
    const auto close = std::min(rest.find(']', open), rest.size() - 1);
    extras = in_one_order(normalized(rest.substr(open + 1, close - open - 1)));
    rest.remove_prefix(close + 1);
  }
  asked.requirements.insert(std::string(group) + '/' + name + '[' + extras + ']' + in_one_order(rest));
}

// An empty group counts too, so the name of each stands for itself.
void add_list(AskedFor& asked, std::string_view group, const toml::node* list) {
  asked.requirements.emplace(group);
  if (list == nullptr) return;
  if (list->as_array() == nullptr) asked.is_comparable = false;
  else
    for (const auto& each : *list->as_array()) add_requirement(asked, group, each);
}

// `+` before the name of a group, and `extra` before that of an extra.
AskedFor asked_for(const toml::table& manifest, const toml::table& project) {
  AskedFor asked;
  add_list(asked, "", project.get("dependencies"));
  if (const auto* extras = project.get_as<toml::table>("optional-dependencies"))
    for (const auto& [name, list] : *extras) add_list(asked, "extra " + normalized(name.str()), &list);
  if (const auto* groups = manifest.get_as<toml::table>("dependency-groups"))
    for (const auto& [name, list] : *groups) add_list(asked, "+" + normalized(name.str()), &list);
  return asked;
}

// `{ name = "uvicorn", extras = ["standard"], marker = "extra == 'web'", specifier = ">=0.30" }`
void add_entry(AskedFor& locked, std::string group, const toml::node& node) {
  constexpr std::string_view known[] = {"extras", "marker", "name", "specifier"};
  constexpr std::string_view of_extra = "extra == '";
  const auto* entry = node.as_table();
  if (entry == nullptr) return void(locked.is_comparable = false);
  for (const auto& [key, value] : *entry)
    if (std::ranges::find(known, key.str()) == std::end(known)) locked.is_comparable = false;
  if (const auto marker = string_at(*entry, "marker"); !marker.empty()) {
    const auto end = marker.find('\'', of_extra.size());
    if (marker.starts_with(of_extra) && end == marker.size() - 1)
      group = "extra " + marker.substr(of_extra.size(), end - of_extra.size());
    else locked.is_comparable = false;
  }
  std::string extras;
  if (const auto* list = entry->get_as<toml::array>("extras"))
    for (const auto& each : *list) extras += (extras.empty() ? "" : ",") + normalized(each.value_or(std::string()));
  const auto name = string_at(*entry, "name");
  locked.names.insert(name);
  locked.requirements.insert(group + '/' + name + '[' + (extras.empty() ? "" : in_one_order(extras)) + ']' +
                             in_one_order(string_at(*entry, "specifier")));
}

AskedFor locked_for(const toml::table& package) {
  AskedFor locked;
  locked.requirements.emplace();
  const auto* metadata = package.get_as<toml::table>("metadata");
  if (metadata == nullptr) return locked;
  if (const auto* extras = metadata->get_as<toml::array>("provides-extras"))
    for (const auto& each : *extras) locked.requirements.insert("extra " + each.value_or(std::string()));
  if (const auto* list = metadata->get_as<toml::array>("requires-dist"))
    for (const auto& each : *list) add_entry(locked, "", each);
  if (const auto* groups = metadata->get_as<toml::table>("requires-dev"))
    for (const auto& [name, list] : *groups) {
      const auto group = "+" + std::string(name.str());
      locked.requirements.insert(group);
      if (list.as_array() != nullptr)
        for (const auto& each : *list.as_array()) add_entry(locked, group, each);
    }
  return locked;
}

// The entry of the project itself: `source = { virtual = "." }` where it is not installed, `editable` where it is.
const toml::table* entry_of_project(const toml::table& lock, const std::string& name, bool is_installed) {
  const auto* packages = lock.get_as<toml::array>("package");
  if (packages == nullptr) return nullptr;
  for (const auto& each : *packages) {
    const auto* package = each.as_table();
    const auto* source = package == nullptr ? nullptr : package->get_as<toml::table>("source");
    if (source != nullptr && string_at(*package, "name") == name &&
        string_at(*source, is_installed ? "editable" : "virtual") == ".")
      return package;
  }
  return nullptr;
}

// What else than the lists of packages decides whether uv takes a lock file for up to date.
Obstacle obstacle_of_settings(const toml::table& lock, const toml::table& manifest, const toml::table& project) {
  if (const auto* tool = manifest.get_as<toml::table>("tool"); tool != nullptr && tool->contains("uv"))
    return Declined{"pyproject.toml has settings of uv, which the lock file was not compared with"};
  if (lock.contains("manifest") || lock.contains("options") || lock.contains("conflicts"))
    return Declined{"uv.lock was made for a workspace, or with options"};
  const auto python = string_at(project, "requires-python");
  if (python.empty() || in_one_order(python) != in_one_order(string_at(lock, "requires-python")))
    return Declined{"uv.lock was not seen to be made for the Python that pyproject.toml requires"};
  return std::nullopt;
}

UnlockedSync compare(const toml::table& lock, const toml::table& manifest, const toml::table& project) {
  UnlockedSync found;
  const auto* package =
      entry_of_project(lock, normalized(string_at(project, "name")), manifest.contains("build-system"));
  found.obstacle = obstacle_of_settings(lock, manifest, project);
  if (found.obstacle) return found;
  const auto asked = asked_for(manifest, project);
  const auto locked = package == nullptr ? AskedFor{} : locked_for(*package);
  found.lacks_package = package != nullptr && std::ranges::any_of(asked.names, [&](const std::string& name) {
                          return !locked.names.contains(name);
                        });
  const bool same = package != nullptr && asked.is_comparable && locked.is_comparable &&
                    asked.requirements == locked.requirements && !project.contains("dynamic") &&
                    string_at(*package, "version") == string_at(project, "version");
  if (!same) found.obstacle = Declined{"uv.lock was not seen to say the same as pyproject.toml, in the same words"};
  return found;
}

std::optional<UnlockedSync> compare_files(const BuildContext& context, const std::string& root) {
  const auto manifest = parse_toml(context.read(join_context_path(root, "pyproject.toml")).value_or(""));
  const auto lock = parse_toml(context.read(join_context_path(root, "uv.lock")).value_or(""));
  const auto* project = manifest ? manifest->get_as<toml::table>("project") : nullptr;
  if (project == nullptr || !lock) return std::nullopt;
  return compare(*lock, *manifest, *project);
}

}  // namespace

std::optional<UnlockedSync> unlocked_sync(const Site& site, const ToolUse& use) {
  const auto& context = site.context();
  const auto& directory = use.command->directory;
  if (!context.is_known() || !directory.is_known() || !syncs_as_asked(site, use)) return std::nullopt;
  const auto root = project_in_context(site.file, site.stage, site.earlier().size(), directory.text);
  const auto path = root ? join_context_path(*root, "uv.lock") : std::string();
  if (!root || !context.exists(path) || context.exists(join_context_path(*root, "uv.toml")) ||
      is_ignored_by_git(context, path) || !is_brought(site, directory.text, path) ||
      may_have_changed_manifest(site, use, directory.text, manifest_names))
    return std::nullopt;
  return *context.answer("uv.lock against pyproject.toml in " + *root, [&] { return compare_files(context, *root); });
}

}  // namespace dockhew::inline ecosystems
