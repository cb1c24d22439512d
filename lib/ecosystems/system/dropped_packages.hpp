// Packages that newer releases of Debian no longer have. The list is from the indices of Debian's archive for bullseye,
// bookworm and trixie, of November 2026; it has what Dockerfiles name most.
#pragma once

#include <optional>
#include <string_view>

namespace dockhew::inline ecosystems {

struct DroppedPackage {
  std::string_view last;     // release that had it: "bookworm"
  std::string_view instead;  // the package that has taken its place; empty where none has
};

// Nothing for a package that the release may have, and for a release that is not known.
std::optional<DroppedPackage> find_dropped_package(std::string_view release, std::string_view package);

}  // namespace dockhew::inline ecosystems
