#include "ecosystems/settings_directory.hpp"

#include "text/path.hpp"

namespace dockhew::inline ecosystems {

bool may_hold_settings(const Site& site, std::string_view directory) {
  if (path_is_under("/etc", directory) || path_is_under(directory, "/etc") || path_is_under("/root", directory))
    return true;
  const auto home = site.home();
  return home.is_known() && path_is_under(home.text, directory);
}

}  // namespace dockhew::inline ecosystems
