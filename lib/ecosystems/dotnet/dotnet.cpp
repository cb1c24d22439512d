// .NET: the `dotnet` command and NuGet.
#include "ecosystems/dotnet/caches.hpp"
#include "ecosystems/dotnet/manifests.hpp"
#include "ecosystems/dotnet/runtime.hpp"
#include "ecosystems/ecosystem.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view tools[] = {"dotnet"};

}  // namespace

extern constinit const Ecosystem dotnet = {
    .id = "dotnet",
    .language = "dotnet",
    .tools = tools,
    .cache_hazards = dotnet_cache_hazards,
    .kept_directories = dotnet_kept_directories,
    .installation = dotnet_installation,
    .manifests = dotnet_manifests,
    .dependency_layer = dotnet_dependency_layer,
    .dependency_step = dotnet_dependency_step,
    .runtime = &dotnet_runtime,
};

}  // namespace dockhew::inline ecosystems
