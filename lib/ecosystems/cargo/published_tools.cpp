#include "ecosystems/cargo/published_tools.hpp"

#include <algorithm>
#include <array>

#include "model/script.hpp"

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

}  // namespace

std::string_view cargo_compiled_tool(const ToolUse& use) {
  const auto& command = *use.command;
  if (use.action->kind != ActionKind::install || !command.has_word("install")) return {};
  for (const auto* option :
       {"--path", "--git", "--features", "-F", "--no-default-features", "--all-features", "--debug"})
    if (use.has_option(option)) return {};
  for (const auto operand : use.operands) {
    const std::string_view word = command.words[operand].text();
    const auto found = std::ranges::find(published, word.substr(0, word.find('@')));
    if (found != published.end()) return *found;
  }
  return {};
}

}  // namespace dockhew::inline ecosystems
