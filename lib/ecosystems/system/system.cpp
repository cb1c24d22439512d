// Packages of the distribution: APT, APK, DNF and their like.
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/system/caches.hpp"
#include "ecosystems/system/effects.hpp"

namespace dockhew::ecosystems {
namespace {

constexpr std::string_view tools[] = {"apt", "apk", "yum", "dnf", "microdnf", "zypper", "pacman"};

}  // namespace

extern constinit const Ecosystem system = {
    .id = "system",
    .language = "",
    .tools = tools,
    .cache_hazards = system_cache_hazards,
    .effects = system_effects,
};

}  // namespace dockhew::ecosystems
