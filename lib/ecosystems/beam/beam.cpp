// Elixir and Erlang: Mix.
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/plain_manifest.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view tools[] = {"mix"};

Installation installation(const ToolUse& use) {
  // `mix do deps.get, deps.compile`: what it does besides may read the configuration.
  if (use.action->words.size() > 1 && !use.operands.empty()) return {};
  if (use.action->kind == ActionKind::fetch) return {Declares::manifest, false};
  return named_installation(use, false);
}

// mix.exs is a program.
Obstacle mix_exs_obstacle(std::string_view text) {
  constexpr std::string_view words[] = {"path:", "apps_path", "in_umbrella", "File.", "Code.", "Path."};
  return names_source("mix.exs", text, words);
}

Outcome<Manifests> manifests(const Site& site, const ToolUse& use, const Project& project) {
  return find_plain_manifests(
      site, use, project,
      {.file = "mix.exs", .lock = "mix.lock", .in_source = "deps", .obstacle = mix_exs_obstacle, .settings = {}});
}

}  // namespace

extern constinit const Ecosystem beam = {
    .id = "beam",
    .language = "",
    .tools = tools,
    .installation = installation,
    .manifests = manifests,
};

}  // namespace dockhew::inline ecosystems
