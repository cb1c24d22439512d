// .NET: the `dotnet` command and NuGet.
#include "ecosystems/dotnet/caches.hpp"
#include "ecosystems/dotnet/manifests.hpp"
#include "ecosystems/dotnet/refusal.hpp"
#include "ecosystems/dotnet/runtime.hpp"
#include "ecosystems/ecosystem.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view tools[] = {"dotnet"};

// What its tools leave in a project, wherever they run.
using Holds = GeneratedDirectory::Holds;
constexpr GeneratedDirectory generated[] = {
    {.path = "obj", .beside = "*.csproj *.fsproj *.vbproj", .holds = Holds::packages, .build_makes_it = true},
    {.path = "bin", .beside = "*.csproj *.fsproj *.vbproj", .holds = Holds::results},
    {.path = ".vs", .beside = "*.sln *.slnx *.csproj", .holds = Holds::remains},
    {.path = "TestResults", .beside = "*.csproj *.fsproj", .holds = Holds::remains},
};

// Packages and settings that take a version from Git's data.
constexpr std::string_view git_readers[] = {
    "GitVersion",
    "Nerdbank.GitVersioning",
    "nbgv",
    "MinVer",
    "GitInfo",
    "RelaxVersioner",
    "EmbedUntrackedSources",
    "GitThisAssembly",
    "LibGit2Sharp",
    // Since .NET 8 the SDK puts the commit there.
    // https://learn.microsoft.com/dotnet/core/compatibility/sdk/8.0/source-link
    "AssemblyInformationalVersion",
    "InformationalVersion",
    "ProductVersion",
};

// https://docs.sentry.io/platforms/dotnet/configuration/releases/: the release is the informational version.
constexpr GitQuestion git_questions[] = {
    {.word = "SentrySdk.Init", .answer = "Release", .variable = "SENTRY_RELEASE", .needs_program = false},
    {.word = "UseSentry", .answer = "Release", .variable = "SENTRY_RELEASE", .needs_program = false},
};

// Packages that read settings from a file in the project.
constexpr std::string_view settings_readers[] = {
    "DotNetEnv",
    "dotenv.net",
    "DotEnv",
};

}  // namespace

extern constinit const Ecosystem dotnet = {
    .id = "dotnet",
    .language = "dotnet",
    .tools = tools,
    .cache_hazards = dotnet_cache_hazards,
    .leaves_cache = dotnet_leaves_cache,
    .kept_directories = dotnet_kept_directories,
    .installation = dotnet_installation,
    .manifests = dotnet_manifests,
    .installs_in_part = true,
    .dependency_layer = dotnet_dependency_layer,
    .dependency_step = dotnet_dependency_step,
    .generated_directories = generated,
    .git_readers = git_readers,
    .git_questions = git_questions,
    .settings_readers = settings_readers,
    .refusal = dotnet_refusal,
    .runtime = &dotnet_runtime,
};

}  // namespace dockhew::inline ecosystems
