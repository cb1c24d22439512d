// Go: modules and the `go` command.
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/go/caches.hpp"
#include "ecosystems/go/effects.hpp"
#include "ecosystems/go/manifests.hpp"
#include "ecosystems/go/modules.hpp"
#include "ecosystems/go/refusal.hpp"
#include "ecosystems/go/runtime.hpp"
#include "ecosystems/go/vendoring.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view tools[] = {"go", "go-generators"};

// Packages and settings that take a version from Git's data.
constexpr std::string_view git_readers[] = {
    "vcs.revision",
    "vcs.time",
    "buildvcs=true",
    "go-git",
    "gitversion",
    "setlocalversion",
    "svu",
    "gorelease",
    "versioninfo",
    "ReadBuildInfo",
    "prometheus/common/version",
};

// `defaultRelease` in https://github.com/getsentry/sentry-go/blob/master/util.go takes what the build has stamped.
constexpr GitQuestion git_questions[] = {
    {.word = "sentry.Init", .answer = "Release", .variable = "SENTRY_RELEASE"},
};

// Packages that read settings from a file in the project.
constexpr std::string_view settings_readers[] = {
    "godotenv", "gotenv", "viper", "envconfig", "cleanenv", "koanf",
};

}  // namespace

extern constinit const Ecosystem go = {
    .id = "go",
    .language = "go",
    .tools = tools,
    .cache_hazards = go_cache_hazards,
    .leaves_cache = go_leaves_cache,
    .effects = go_effects,
    .installation = go_installation,
    .manifests = go_manifests,
    .dependency_layer = go_dependency_layer,
    .dependency_step = go_dependency_step,
    .generated_directories = {},
    .git_readers = git_readers,
    .git_questions = git_questions,
    .settings_readers = settings_readers,
    .local_imports = go_local_imports,
    .links_c_library = go_links_c_library,
    .refusal = go_refusal,
    .runtime = &go_runtime,
};

}  // namespace dockhew::inline ecosystems
