#include "ecosystems/cargo/lints.hpp"

#include <algorithm>
#include <array>

#include "model/context_path.hpp"
#include "text/path.hpp"
#include "text/toml.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

// `fn main() {}` and an empty library: without a comment for the crate, and without a use of any dependency.
constexpr std::array<std::string_view, 2> violated = {"missing_docs", "unused_crate_dependencies"};

struct Levels {
  std::vector<std::string> allowed;  // that are not allowed as they are
  std::string forbidden;

  void set(std::string_view lint, std::string_view level, const std::string& where) {
    std::string name(lint);
    std::ranges::replace(name, '-', '_');
    if (std::ranges::find(violated, name) == violated.end() || level == "allow" || level == "expect") return;
    if (level == "forbid") forbidden = "`" + where + "` forbids `" + name + "`, which a dummy of a crate root violates";
    if (std::ranges::find(allowed, name) == allowed.end()) allowed.push_back(std::move(name));
  }
};

// `missing_docs = "deny"`, `missing_docs = { level = "deny", priority = 1 }`
void read_table(const toml::table* lints, const std::string& where, Levels& levels) {
  if (lints == nullptr) return;
  for (const auto& [lint, value] : *lints) {
    const auto* table = value.as_table();
    levels.set(lint.str(), table != nullptr ? (*table)["level"].value_or(std::string()) : value.value_or(std::string()),
               where);
  }
}

std::string_view level_of_option(std::string_view option) {
  constexpr std::pair<std::string_view, std::string_view> options[] = {
      {"-D", "deny"}, {"-F", "forbid"}, {"-W", "warn"}, {"--deny", "deny"}, {"--forbid", "forbid"}, {"--warn", "warn"}};
  const auto found = std::ranges::find(options, option, &std::pair<std::string_view, std::string_view>::first);
  return found == std::end(options) ? std::string_view() : found->second;
}

// `-D missing-docs`, `-Dmissing_docs`, `--deny=missing_docs`
void read_flags(const std::vector<std::string_view>& words, const std::string& where, Levels& levels) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto word = words[i];
    const auto equals = word.find('=');
    if (const auto level = level_of_option(word); !level.empty() && i + 1 < words.size())
      levels.set(words[i + 1], level, where);
    else if (const auto own = level_of_option(word.substr(0, equals)); !own.empty() && equals != word.npos)
      levels.set(word.substr(equals + 1), own, where);
    else if (const auto joined = level_of_option(word.substr(0, 2)); !joined.empty() && word.size() > 2)
      levels.set(word.substr(2), joined, where);
  }
}

// `rustflags` is a text, or a list of words.
void read_settings(const toml::table* table, const std::string& where, Levels& levels) {
  if (table == nullptr) return;
  const auto& flags = (*table)["rustflags"];
  if (const auto text = flags.value<std::string>()) return read_flags(split_words(*text), where, levels);
  const auto* list = flags.as_array();
  if (list == nullptr) return;
  std::vector<std::string> words;
  for (const auto& item : *list) words.push_back(item.value_or(std::string()));
  read_flags({words.begin(), words.end()}, where, levels);
}

void read_file(const std::string& path, const toml::table& file, const toml::table* of_workspace, Levels& levels) {
  if (path_basename(path) == "Cargo.toml") {
    const auto* lints = file["lints"].as_table();
    if (lints == nullptr) return;
    read_table((*lints)["rust"].as_table(), path, levels);
    if ((*lints)["workspace"].value_or(false)) read_table(of_workspace, path, levels);
    return;
  }
  read_settings(file["build"].as_table(), path, levels);
  if (const auto* targets = file["target"].as_table())
    for (const auto& [name, target] : *targets) read_settings(target.as_table(), path, levels);
}

}  // namespace

Outcome<std::vector<std::string>> lints_of_dummies(const BuildContext& context, const std::string& workspace,
                                                   const std::vector<std::string>& manifests,
                                                   const std::string& flags) {
  Levels levels;
  read_flags(split_words(flags), "RUSTFLAGS", levels);
  const auto root = parse_toml(context.read(join_context_path(workspace, "Cargo.toml")).value_or(""));
  const auto* of_workspace = root ? (*root)["workspace"]["lints"]["rust"].as_table() : nullptr;
  for (const auto& path : manifests) {
    const auto name = path_basename(path);
    if (name != "Cargo.toml" && !name.starts_with("config")) continue;
    if (const auto file = parse_toml(context.read(path).value_or(""))) read_file(path, *file, of_workspace, levels);
  }
  if (!levels.forbidden.empty()) return Declined{levels.forbidden};
  std::ranges::sort(levels.allowed);
  return std::move(levels.allowed);
}

}  // namespace dockhew::inline ecosystems
