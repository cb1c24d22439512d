// Python: pip and the other package managers.
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/python/caches.hpp"
#include "ecosystems/python/effects.hpp"
#include "ecosystems/python/installer.hpp"
#include "ecosystems/python/interpreter.hpp"
#include "ecosystems/python/manifests.hpp"
#include "ecosystems/python/runtime.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view tools[] = {"pip", "pipx", "uv", "poetry", "pipenv", "pdm", "python-environment"};

}  // namespace

extern constinit const Ecosystem python = {
    .id = "python",
    .language = "python",
    .tools = tools,
    .cache_hazards = python_cache_hazards,
    .kept_directories = python_kept_directories,
    .effects = python_effects,
    .derived_manifests = exported_requirements,
    .other_effects = poetry_installer_effects,
    .installation = python_installation,
    .manifests = python_manifests,
    .dependency_layer = python_dependency_layer,
    .dependency_step = python_dependency_step,
    .runtime = &python_runtime,
    .interpreter = &python_interpreter,
};

}  // namespace dockhew::inline ecosystems
