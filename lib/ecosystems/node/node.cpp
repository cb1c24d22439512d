// JavaScript and TypeScript on Node or Bun: npm, Yarn, pnpm, Bun.
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/node/caches.hpp"
#include "ecosystems/node/effects.hpp"
#include "ecosystems/node/interpreter.hpp"
#include "ecosystems/node/manifests.hpp"
#include "ecosystems/node/pruning.hpp"
#include "ecosystems/node/runtime.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view tools[] = {"npm", "yarn", "pnpm", "turbo", "npx", "corepack", "bun"};

}  // namespace

extern constinit const Ecosystem node = {
    .id = "node",
    .language = "node",
    .tools = tools,
    .cache_hazards = node_cache_hazards,
    .kept_directories = node_kept_directories,
    .effects = node_effects,
    .derived_manifests = pruned_manifests,
    .installation = node_installation,
    .manifests = node_manifests,
    .local_settings = node_local_settings,
    .runtime = &node_runtime,
    .pruning = &node_pruning,
    .interpreter = &node_interpreter,
};

}  // namespace dockhew::inline ecosystems
