// PHP: Composer.
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/php/caches.hpp"
#include "ecosystems/php/installer.hpp"
#include "ecosystems/php/manifests.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view tools[] = {"composer", "composer-installer"};

}  // namespace

extern constinit const Ecosystem php = {
    .id = "php",
    .language = "php",
    .tools = tools,
    .cache_hazards = php_cache_hazards,
    .other_effects = composer_installer_effects,
    .installation = php_installation,
    .manifests = php_manifests,
    .dependency_layer = php_dependency_layer,
    .dependency_step = php_dependency_step,
};

}  // namespace dockhew::inline ecosystems
