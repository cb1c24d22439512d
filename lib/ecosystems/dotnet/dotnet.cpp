// .NET: the `dotnet` command and NuGet.
#include "ecosystems/dotnet/caches.hpp"
#include "ecosystems/dotnet/manifests.hpp"
#include "ecosystems/ecosystem.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view tools[] = {"dotnet"};

std::string_view toolchain(const Stage& stage) {
  return stage.reference.repository.ends_with("/sdk") ? ".NET SDK" : "";
}

constexpr Runtime dotnet_runtime = {
    .compiled = true,
    .tools = tools,
    .titles = ".NET",
    .toolchain = toolchain,
    .obstacle =
        "no runtime stage is written for .NET: where the program is published, and which of its runtime images it "
        "needs, is not known",
};

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
