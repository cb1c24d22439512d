// PHP: Composer.
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/php/caches.hpp"
#include "ecosystems/php/installer.hpp"
#include "ecosystems/php/manifests.hpp"
#include "ecosystems/php/refusal.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view tools[] = {"composer", "composer-installer"};

// What its tools leave in a project, wherever they run.
using Holds = GeneratedDirectory::Holds;
constexpr GeneratedDirectory generated[] = {
    {.path = "vendor",
     .beside = "composer.json",
     .holds = Holds::packages,
     .may_be_written = true,
     .proof = "autoload.php"},
};

// Packages and settings that take a version from Git's data.
constexpr std::string_view git_readers[] = {
    "ocramius/package-versions", "git-version", "composer-git", "gitversion", "Version::git", "getRootPackage",
};

// Packages that read settings from a file in the project.
constexpr std::string_view settings_readers[] = {
    "dotenv", "laravel/", "symfony/", "lumen", "codeigniter4", "vlucas/", "roots/",
};

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
    .generated_directories = generated,
    .git_readers = git_readers,
    .git_questions = {},
    .settings_readers = settings_readers,
    .refusal = php_refusal,
};

}  // namespace dockhew::inline ecosystems
