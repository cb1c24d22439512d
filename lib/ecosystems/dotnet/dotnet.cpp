// .NET: the `dotnet` command and NuGet.
#include "ecosystems/ecosystem.hpp"

namespace dockhew::ecosystems {
namespace {

constexpr std::string_view tools[] = {"dotnet"};

}  // namespace

extern constinit const Ecosystem dotnet = {
    .id = "dotnet",
    .language = "dotnet",
    .tools = tools,
};

}  // namespace dockhew::ecosystems
