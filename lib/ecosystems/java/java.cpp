// Java and what runs on its machine: Maven and Gradle.
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/java/caches.hpp"
#include "ecosystems/java/manifests.hpp"
#include "ecosystems/java/runtime.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view tools[] = {"maven", "gradle"};

}  // namespace

extern constinit const Ecosystem java = {
    .id = "java",
    .language = "java",
    .tools = tools,
    .cache_hazards = java_cache_hazards,
    .installation = java_installation,
    .manifests = java_manifests,
    .runtime = &java_runtime,
};

}  // namespace dockhew::inline ecosystems
