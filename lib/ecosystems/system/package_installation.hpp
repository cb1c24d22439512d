// How packages of a distribution are installed in a stage that ships, as the commands of one RUN. Whether mounts can
// hold what the package manager leaves is for others to say.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dockhew::inline ecosystems {

struct PackageInstallation {
  std::vector<std::string> commands;
  std::size_t first_install = 0;      // of them: it and those after it install, and before it the index is fetched
  std::vector<std::string> clean_up;  // take away what they leave, where no mount holds it
  std::string_view tool;              // in whose caches they leave something; empty when in none
};

struct WantedPackages {
  std::vector<std::string> names;
  bool recommended = false;  // what they recommend comes too
  std::string upgrade;       // as that of InstalledPackages: it comes first

  bool any() const { return !names.empty() || !upgrade.empty(); }
};
PackageInstallation install_packages(std::string_view distribution, const WantedPackages& wanted);

}  // namespace dockhew::inline ecosystems
