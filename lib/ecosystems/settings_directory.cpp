#include "ecosystems/settings_directory.hpp"

#include <algorithm>
#include <array>

#include "effects/accounts.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {

bool may_hold_settings(const Site& site, std::string_view directory) {
  if (path_is_under("/etc", directory) || path_is_under(directory, "/etc") || path_is_under("/root", directory))
    return true;
  const auto home = home_of(site);
  return home.is_known() && path_is_under(home.text, directory);
}

bool may_hold_packages(const Copy& copy) {
  if (!copy.destination.is_known()) return true;
  const auto& place = copy.destination.text;
  constexpr std::array<std::string_view, 2> left_alone = {"/usr/local", "/usr/src"};
  if (std::ranges::any_of(left_alone, [&](std::string_view each) { return path_is_under(place, each); })) return false;
  const auto parent = path_basename(path_parent(place));
  if (!copy.directory && copy.sources.size() == 1 && (parent == "bin" || parent == "sbin")) return false;
  constexpr std::array<std::string_view, 7> of_packages = {"/bin", "/etc", "/lib", "/lib64", "/sbin", "/usr", "/var"};
  return std::ranges::any_of(
             of_packages,
             [&](std::string_view each) { return path_is_under(place, each) || path_is_under(each, place); }) ||
         place == "/opt";
}

}  // namespace dockhew::inline ecosystems
