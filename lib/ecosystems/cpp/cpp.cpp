// C and C++: what builds them, package managers and compiler caches.
#include "ecosystems/cpp/build_commands.hpp"
#include "ecosystems/cpp/caches.hpp"
#include "ecosystems/cpp/runtime.hpp"
#include "ecosystems/ecosystem.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view tools[] = {"conan", "vcpkg", "ccache", "sccache"};

}  // namespace

extern constinit const Ecosystem cpp = {
    .id = "cpp",
    .language = "cpp",
    .tools = tools,
    .cache_hazards = cpp_cache_hazards,
    .other_effects = cpp_other_effects,
    .generated_directories = {},
    .git_readers = {},
    .git_questions = {},
    .settings_readers = {},
    .adopts = is_built_with_cpp,
    .runtime = &cpp_runtime,
};

}  // namespace dockhew::inline ecosystems
