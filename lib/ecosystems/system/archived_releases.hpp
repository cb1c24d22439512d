// Releases of distributions whose packages their mirrors no longer have: what an image on one of them says of its
// sources leads nowhere, so that the first installation fails.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "facts/facts.hpp"

namespace dockhew::inline ecosystems {

struct ArchivedRelease {
  std::string name;            // "Debian buster", "CentOS"
  std::string_view archive;    // the host that its packages were moved to
  std::string_view successor;  // what to take in its place
};

// Nothing where the release is not known, or still served.
std::optional<ArchivedRelease> archived_release(const ImageFacts& image);

// Whether a text that changes where packages come from speaks of the sources that an image has: an archive, or the
// files that name them. What only adds a source or a key leaves those that lead nowhere.
bool names_package_sources(std::string_view text);

}  // namespace dockhew::inline ecosystems
