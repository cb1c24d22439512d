// Packages that newer releases of Debian and Alpine no longer have. Debian's are from the indices of its archive for
// bullseye, bookworm and trixie, of November 2026; Alpine's from its release notes. They are those that Dockerfiles
// name most.
#pragma once

#include <optional>
#include <string_view>

namespace dockhew::inline ecosystems {

struct DroppedPackage {
  std::string_view last;     // release that had it: "bookworm", "3.15"
  std::string_view instead;  // the package that has taken its place; empty where none has
  bool renamed = false;      // which has the same under another name, for whoever installs it
};

// Nothing for a package that the release may have, and for a release that is not known. `distribution`: "debian".
std::optional<DroppedPackage> find_dropped_package(std::string_view distribution, std::string_view release,
                                                   std::string_view package);

// What to do in place of a program that a release no longer has, and that no package brings, as a clause; empty for
// others.
std::string_view instead_of_dropped_program(std::string_view distribution, std::string_view release,
                                            std::string_view program);

}  // namespace dockhew::inline ecosystems
