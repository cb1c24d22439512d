#include "ecosystems/system/package_installation.hpp"

namespace dockhew::inline ecosystems {

PackageInstallation install_packages(std::string_view distribution, const WantedPackages& wanted) {
  std::string names;
  for (const auto& name : wanted.names) names += ' ' + name;
  PackageInstallation result;
  auto& commands = result.commands;
  if (distribution == "alpine") {
    if (!wanted.upgrade.empty()) commands.push_back("apk " + wanted.upgrade + " --no-cache");
    if (!names.empty()) commands.push_back("apk add --no-cache" + names);
    return result;
  }
  commands.emplace_back("apt-get update");
  if (!wanted.upgrade.empty()) commands.push_back("apt-get " + wanted.upgrade + " -y");
  if (!names.empty())
    commands.push_back("apt-get install -y" + std::string(wanted.recommended ? "" : " --no-install-recommends") +
                       names);
  result.first_install = 1;
  result.clean_up = {"rm -rf /var/lib/apt/lists/*"};
  result.tool = "apt";
  return result;
}

}  // namespace dockhew::inline ecosystems
