// Java and what runs on its machine: Maven and Gradle.
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/java/caches.hpp"
#include "ecosystems/java/dependency_step.hpp"
#include "ecosystems/java/manifests.hpp"
#include "ecosystems/java/runtime.hpp"
#include "ecosystems/java/started_archive.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view tools[] = {"maven", "gradle"};

// What it is given was compiled.
constexpr std::string_view commands[] = {"java"};
constexpr Interpreter interpreter = {.commands = commands, .compiled = true};

}  // namespace

extern constinit const Ecosystem java = {
    .id = "java",
    .language = "java",
    .tools = tools,
    .cache_hazards = java_cache_hazards,
    .installation = java_installation,
    .manifests = java_manifests,
    .dependency_layer = java_dependency_layer,
    .dependency_step = java_dependency_step,
    .runs_no_tool = java_runs_no_tool,
    .runtime = &java_runtime,
    .interpreter = &interpreter,
};

}  // namespace dockhew::inline ecosystems
