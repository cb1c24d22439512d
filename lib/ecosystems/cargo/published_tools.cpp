#include "ecosystems/cargo/published_tools.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "effects/effects.hpp"
#include "model/script.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

// https://github.com/cargo-bins/cargo-binstall; large ones that images install.
constexpr std::array<std::string_view, 34> published = {
    "cargo-audit",    "cargo-chef",    "cargo-component", "cargo-deb",      "cargo-deny",       "cargo-edit",
    "cargo-generate", "cargo-lambda",  "cargo-leptos",    "cargo-llvm-cov", "cargo-make",       "cargo-nextest",
    "cargo-outdated", "cargo-shuttle", "cargo-tarpaulin", "cargo-udeps",    "cargo-watch",      "cargo-zigbuild",
    "cross",          "diesel_cli",    "dioxus-cli",      "just",           "mdbook",           "sccache",
    "sea-orm-cli",    "sqlx-cli",      "tauri-cli",       "trunk",          "wasm-bindgen-cli", "wasm-opt",
    "wasm-pack",      "worker-build",  "watchexec-cli",   "zola",
};

// What they are published with, where images often choose less: the program can do that and more.
struct Features {
  std::string_view tool, names;
};
constexpr Features with_features[] = {{"sqlx-cli", "completions mysql native-tls postgres sqlite"}};

// Whether a published program has the features that are asked for.
bool has_features(const ToolUse& use, std::string_view tool) {
  const auto& command = *use.command;
  if (use.has_option("--all-features")) return false;
  const bool chooses = use.has_option("--features") || use.has_option("-F") || use.has_option("--no-default-features");
  if (!chooses) return true;
  const auto found = std::ranges::find(with_features, tool, &Features::tool);
  if (found == std::end(with_features)) return false;
  const auto published_with = split_words(found->names);
  for (const auto* option : {"--features", "-F"})
    for (const auto& value : option_values(command, option)) {
      auto names = value.text;
      std::ranges::replace(names, ',', ' ');
      if (!value.is_known() || std::ranges::any_of(split_words(names), [&](std::string_view name) {
            return std::ranges::find(published_with, name) == published_with.end();
          }))
        return false;
    }
  return true;
}

// "@0.21.14", as it is written, where an option says it.
std::string version_of(const ShellCommand& command) {
  std::string version;
  for (std::size_t i = 0; i < command.words.size() && version.empty(); ++i) {
    const std::string_view word = command.words[i].raw;
    for (const std::string_view option : {"--version", "--vers"}) {
      if (word == option && i + 1 < command.words.size()) version = command.words[i + 1].raw;
      if (word.starts_with(option) && word.substr(option.size()).starts_with('='))
        version = word.substr(option.size() + 1);
    }
  }
  std::erase_if(version, [](char c) { return c == '"' || c == '\''; });
  return version.empty() ? version : '@' + version;
}

}  // namespace

std::vector<std::string> cargo_compiled_tools(const ToolUse& use) {
  const auto& command = *use.command;
  if (use.action->kind != ActionKind::install || !command.has_word("install")) return {};
  for (const auto* option : {"--path", "--git", "--debug"})
    if (use.has_option(option)) return {};
  std::vector<std::string> tools;
  for (const auto operand : use.operands) {
    const std::string_view word = command.words[operand].text();
    const auto found = std::ranges::find(published, word.substr(0, word.find('@')));
    if (found == published.end() || !has_features(use, *found)) continue;
    tools.push_back(word.find('@') != word.npos ? std::string(word) : std::string(word) + version_of(command));
  }
  return tools;
}

}  // namespace dockhew::inline ecosystems
