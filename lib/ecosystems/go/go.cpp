// Go: modules and the `go` command.
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/go/caches.hpp"
#include "ecosystems/go/effects.hpp"
#include "ecosystems/go/manifests.hpp"
#include "ecosystems/go/runtime.hpp"
#include "ecosystems/go/vendoring.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view tools[] = {"go", "go-generators"};

}  // namespace

extern constinit const Ecosystem go = {
    .id = "go",
    .language = "go",
    .tools = tools,
    .cache_hazards = go_cache_hazards,
    .leaves_cache = go_leaves_cache,
    .effects = go_effects,
    .installation = go_installation,
    .manifests = go_manifests,
    .dependency_layer = go_dependency_layer,
    .dependency_step = go_dependency_step,
    .runtime = &go_runtime,
};

}  // namespace dockhew::inline ecosystems
