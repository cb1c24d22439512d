// How packages of a distribution are installed in a stage that ships, as the commands of one RUN. Whether mounts can
// hold what the package manager leaves is for others to say.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dockhew::inline ecosystems {

struct PackageInstallation {
  std::vector<std::string> commands;  // the last one installs
  std::vector<std::string> clean_up;  // take away what they leave, where no mount holds it
  std::string_view tool;              // in whose caches they leave something; empty when in none
};

// `recommended`: what the packages recommend comes too.
PackageInstallation install_packages(std::string_view distribution, const std::vector<std::string>& packages,
                                     bool recommended);

}  // namespace dockhew::inline ecosystems
