#include "ecosystems/outer_settings.hpp"

#include <string_view>

#include "effects/accounts.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

// Shown by running Yarn 1.22, Yarn 4.1 and uv: each takes such a file from any directory above. Others that do so name
// these files among their manifests.
struct Above {
  std::string_view tool, name;
};
constexpr Above above[] = {
    {"uv", ".python-version"}, {"uv", "uv.toml"}, {"yarn", ".npmrc"}, {"yarn", ".yarnrc"}, {"yarn", ".yarnrc.yml"}};

// Of all tools, and of Git and curl, which some of them start.
constexpr std::string_view at_home[] = {".bundle/config",
                                        ".cargo/config",
                                        ".cargo/config.toml",
                                        ".cargo/credentials.toml",
                                        ".composer/auth.json",
                                        ".composer/config.json",
                                        ".condarc",
                                        ".config/NuGet/NuGet.Config",
                                        ".config/composer/auth.json",
                                        ".config/composer/config.json",
                                        ".config/git/config",
                                        ".config/pip/pip.conf",
                                        ".config/pypoetry/auth.toml",
                                        ".config/pypoetry/config.toml",
                                        ".config/uv/uv.toml",
                                        ".gem/credentials",
                                        ".gemrc",
                                        ".git-credentials",
                                        ".gitconfig",
                                        ".gradle/gradle.properties",
                                        ".gradle/init.gradle",
                                        ".gradle/init.gradle.kts",
                                        ".hex/hex.config",
                                        ".m2/settings.xml",
                                        ".netrc",
                                        ".npmrc",
                                        ".nuget/NuGet/NuGet.Config",
                                        ".pip/pip.conf",
                                        ".ssh/config",
                                        ".ssh/id_ed25519",
                                        ".ssh/id_rsa",
                                        ".ssh/known_hosts",
                                        ".yarnrc",
                                        ".yarnrc.yml"};

}  // namespace

std::vector<std::string> outer_settings(const Site& site, const ToolUse& use) {
  std::vector<std::string> places;
  const auto& project = use.command->directory;
  if (project.is_known())
    for (std::string_view at = project.text; at != "/";) {
      at = path_parent(at);
      for (const auto& [tool, name] : above)
        if (tool == use.tool->id) places.push_back(resolve_path(at, name));
    }
  if (const auto home = home_of(site); home.is_known() && home.text != "/")
    for (const auto name : at_home) places.push_back(resolve_path(home.text, name));
  return places;
}

}  // namespace dockhew::inline ecosystems
