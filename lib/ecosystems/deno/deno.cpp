// JavaScript and TypeScript on Deno.
#include "ecosystems/deno/caches.hpp"
#include "ecosystems/deno/manifests.hpp"
#include "ecosystems/ecosystem.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view tools[] = {"deno"};

// On a command line, or in a task. https://docs.deno.com/runtime/reference/env_variables/: with it alone, `.env`.
constexpr std::string_view settings_readers[] = {"--env", "dotenv"};

}  // namespace

extern constinit const Ecosystem deno = {
    .id = "deno",
    .language = "deno",
    .tools = tools,
    .cache_hazards = deno_cache_hazards,
    .installation = deno_installation,
    .manifests = deno_manifests,
    .dependency_layer = deno_dependency_layer,
    .dependency_step = deno_dependency_step,
    .generated_directories = {},
    .git_readers = {},
    .git_questions = {},
    .settings_readers = settings_readers,
};

}  // namespace dockhew::inline ecosystems
