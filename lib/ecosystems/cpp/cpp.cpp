// C and C++: package managers and compiler caches.
#include "ecosystems/cpp/caches.hpp"
#include "ecosystems/ecosystem.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view tools[] = {"conan", "vcpkg", "ccache", "sccache"};

}  // namespace

extern constinit const Ecosystem cpp = {
    .id = "cpp",
    .language = "",
    .tools = tools,
    .cache_hazards = cpp_cache_hazards,
    .generated_directories = {},
    .git_readers = {},
    .settings_readers = {},
};

}  // namespace dockhew::inline ecosystems
