#include "ecosystems/cargo/unlocked_installation.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "ecosystems/changed_manifest.hpp"
#include "effects/effects.hpp"
#include "effects/source_parts.hpp"
#include "model/context_path.hpp"
#include "text/path.hpp"
#include "text/toml.hpp"

namespace dockhew::inline ecosystems {
namespace {

// The directory that `--path` names, in the image; nothing where another option says where the package is.
std::optional<std::string> named_directory(const ShellCommand& command) {
  constexpr std::string_view others[] = {"--frozen", "--git", "--index", "--locked", "--registry"};
  const auto says_otherwise = [&](const ShellWord& word) {
    return !word.value.is_known() || std::ranges::find(others, word.text()) != std::end(others);
  };
  if (std::ranges::any_of(command.words, says_otherwise)) return std::nullopt;
  const auto paths = option_values(command, "--path");
  return paths.empty() ? std::nullopt : std::optional(resolve_path(command.directory.text, paths.back().text));
}

// What a command says that is about Cargo.toml or Cargo.lock.
constexpr std::string_view manifest_names[] = {"Cargo.lock", "Cargo.toml", "cargo add", "cargo remove", "cargo update"};

bool names(std::string_view lock, const std::string& package) {
  return lock.find("name = \"" + package + "\"") != lock.npos;
}

// `package = "serde_json"` of a dependency that the source calls otherwise.
std::string package_of(std::string_view key, const toml::node& value) {
  const auto* table = value.as_table();
  const auto* renamed = table == nullptr ? nullptr : table->get("package");
  return renamed == nullptr ? std::string(key) : renamed->value_or(std::string(key));
}

// Where one of these differs, Cargo would have to write the lock file anew, and `--locked` forbids that.
bool has_all_of(std::string_view lock, const toml::table& manifest) {
  const auto* package = manifest.get_as<toml::table>("package");
  if (package == nullptr) return false;
  const auto name = package->get("name") == nullptr ? std::string() : package->get("name")->value_or(std::string());
  const auto version = package->get_as<std::string>("version");
  const auto entry = "name = \"" + name + "\"\nversion = \"" + (version == nullptr ? std::string() : version->get());
  if (name.empty() || lock.find(entry) == lock.npos) return false;
  for (const auto* section : {"dependencies", "build-dependencies", "dev-dependencies"}) {
    const auto* table = manifest.get_as<toml::table>(section);
    if (table == nullptr) continue;
    for (const auto& [key, value] : *table)
      if (!names(lock, package_of(key.str(), value))) return false;
  }
  return true;
}

}  // namespace

std::optional<UnlockedInstallation> unlocked_installation(const Site& site, const ToolUse& use) {
  const auto& command = *use.command;
  if (use.tool->id != "cargo" || command.nested || !command.directory.is_known() || !site.context().is_known())
    return std::nullopt;
  const auto& words = command.words;
  const auto install = std::ranges::find_if(
      words, [](const ShellWord& word) { return word.value.is_known() && word.text() == "install"; });
  const auto directory = install == words.end() ? std::nullopt : named_directory(command);
  if (!directory) return std::nullopt;
  const auto root = project_in_context(site.file, site.stage, site.earlier().size(), *directory);
  const auto lock = root ? join_context_path(*root, "Cargo.lock") : std::string();
  if (!root || !site.context().exists(lock) || !is_brought(site, *directory, lock) ||
      may_have_changed_manifest(site, use, *directory, manifest_names))
    return std::nullopt;
  const auto manifest = parse_toml(site.context().read(join_context_path(*root, "Cargo.toml")).value_or(""));
  const auto text = site.context().read(lock);
  return UnlockedInstallation{static_cast<std::size_t>(install - words.begin()),
                              manifest && text && has_all_of(*text, *manifest)};
}

}  // namespace dockhew::inline ecosystems
