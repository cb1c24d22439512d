#include "ecosystems/system/package_installation.hpp"

namespace dockhew::inline ecosystems {

PackageInstallation install_packages(std::string_view distribution, const std::vector<std::string>& packages,
                                     bool recommended) {
  std::string names;
  for (const auto& package : packages) names += ' ' + package;
  if (distribution == "alpine") return {.commands = {"apk add --no-cache" + names}, .clean_up = {}, .tool = ""};
  return {.commands = {"apt-get update",
                       "apt-get install -y" + std::string(recommended ? "" : " --no-install-recommends") + names},
          .clean_up = {"rm -rf /var/lib/apt/lists/*"},
          .tool = "apt"};
}

}  // namespace dockhew::inline ecosystems
