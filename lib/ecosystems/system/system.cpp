// Packages of the distribution: APT, APK, DNF and their like.
#include "ecosystems/ecosystem.hpp"

namespace dockhew::ecosystems {
namespace {

constexpr std::string_view tools[] = {"apt", "apk", "yum", "dnf", "microdnf", "zypper", "pacman"};

}  // namespace

extern constinit const Ecosystem system = {
    .id = "system",
    .language = "",
    .tools = tools,
};

}  // namespace dockhew::ecosystems
