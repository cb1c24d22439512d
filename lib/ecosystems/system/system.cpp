// Distribution packages: APT, APK, DNF and the like.
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/system/caches.hpp"
#include "ecosystems/system/effects.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view tools[] = {"apt", "apk", "yum", "dnf", "microdnf", "zypper", "pacman"};

// Packages of the distribution are of the whole image.
Installation installation(const ToolUse& use) {
  if (use.action->kind != ActionKind::install) return {};
  return {Declares::names, true};
}

}  // namespace

extern constinit const Ecosystem system = {
    .id = "system",
    .language = "",
    .tools = tools,
    .cache_hazards = system_cache_hazards,
    .effects = system_effects,
    .installation = installation,
    .generated_directories = {},
    .git_readers = {},
    .git_questions = {},
    .settings_readers = {},
};

}  // namespace dockhew::inline ecosystems
