#include "ecosystems/cargo/features.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "effects/effects.hpp"
#include "effects/source_copy.hpp"
#include "text/path.hpp"
#include "text/toml.hpp"

namespace dockhew::inline ecosystems {
namespace {

using Names = std::set<std::string>;

// What a command asks for: `--features a,b`, `--no-default-features`, `--all-features`.
struct Selection {
  Names named;
  bool all = false, standard = true;
  bool operator==(const Selection&) const = default;
};

void add_names(std::string_view list, Names& names) {
  for (std::size_t at = 0; at < list.size();) {
    const auto end = std::min(list.find_first_of(", ", at), list.size());
    if (end > at) names.emplace(list.substr(at, end - at));
    at = end + 1;
  }
}

// Nothing where a word of the command is not known.
std::optional<Selection> selection_of(const ShellCommand& command) {
  if (std::ranges::any_of(command.words, [](const ShellWord& word) { return !word.value.is_known(); }))
    return std::nullopt;
  Selection selection;
  selection.all = command.has_word("--all-features");
  selection.standard = !command.has_word("--no-default-features");
  for (const std::string_view option : {"--features", "-F"})
    for (const auto& value : option_values(command, option)) add_names(value.text, selection.named);
  if (selection.standard) selection.named.erase("default");
  if (selection.all) selection.named.clear(), selection.standard = true;
  return selection;
}

std::string shown(const Selection& selection) {
  if (selection.all) return "all features";
  std::string names;
  for (const auto& name : selection.named) names += (names.empty() ? "`" : ", `") + name + '`';
  if (names.empty()) return selection.standard ? "the default features" : "no features";
  return (selection.named.size() == 1 ? "the feature " : "the features ") + names +
         (selection.standard ? "" : " without the default ones");
}

// The manifest of the package that a build is about; nothing where it is not known, or is that of a workspace, whose
// members have features of their own.
std::optional<toml::table> manifest_of(const Site& built, const ShellCommand& command) {
  if (!command.directory.is_known() || command.has_word("-p") || command.has_word("--package") ||
      command.has_word("--manifest-path") || command.has_word("--workspace"))
    return std::nullopt;
  const auto path = file_in_context(built, resolve_path(command.directory.text, "Cargo.toml"));
  const auto text = path ? built.context().read(*path) : std::nullopt;
  auto manifest = text ? parse_toml(*text) : std::nullopt;
  if (!manifest || manifest->contains("workspace") || !manifest->contains("package")) return std::nullopt;
  return manifest;
}

Names optional_dependencies(const toml::table& manifest) {
  Names names;
  for (const auto* section : {"dependencies", "build-dependencies"})
    if (const auto* dependencies = manifest[section].as_table())
      for (const auto& [name, value] : *dependencies)
        if (const auto* details = value.as_table(); details && (*details)["optional"].value_or(false))
          names.emplace(name.str());
  return names;
}

// All that a selection turns on: features, optional dependencies, and features of dependencies.
Names turned_on(const toml::table& manifest, const Selection& selection) {
  const auto* features = manifest["features"].as_table();
  const auto optional = optional_dependencies(manifest);
  std::vector<std::string> open(selection.named.begin(), selection.named.end());
  if (selection.standard) open.emplace_back("default");
  if (selection.all) {
    for (const auto& name : optional) open.push_back("dep:" + name);
    if (features != nullptr)
      for (const auto& [name, value] : *features) open.emplace_back(name.str());
  }
  Names on;
  while (!open.empty()) {
    auto name = std::move(open.back());
    open.pop_back();
    const auto* parts = features == nullptr ? nullptr : (*features)[name].as_array();
    if (parts == nullptr && optional.contains(name)) name = "dep:" + name;
    if ((name == "default" && parts == nullptr) || !on.insert(name).second || parts == nullptr) continue;
    for (const auto& part : *parts)
      if (const auto text = part.value<std::string>()) open.push_back(*text);
  }
  return on;
}

}  // namespace

std::string cargo_partly_unused_compilation(const Site&, const ToolUse& compiling, const Site& built,
                                            const ToolUse& building) {
  const auto before = selection_of(*compiling.command), wanted = selection_of(*building.command);
  if (!before || !wanted || *before == *wanted) return {};
  if (const auto manifest = manifest_of(built, *building.command))
    if (turned_on(*manifest, *before) == turned_on(*manifest, *wanted)) return {};
  return shown(*before) + ", and the build is for " + shown(*wanted);
}

}  // namespace dockhew::inline ecosystems
