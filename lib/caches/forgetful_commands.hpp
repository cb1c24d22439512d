// Commands that delete what they have downloaded once it is installed, so that a mount stays empty: by habit, as `apt`
// and `dnf` do, or because of a hook of the base image, as Debian's and Ubuntu's images have for APT. An option makes
// them keep it: downloads go to `/var/cache/apt/kept`, which the hook does not empty. Seen with APT of Debian 11, 12
// and 13, by apt-get, apt and aptitude: the second build says "Need to get 0 B".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "caches/defeating_part.hpp"

namespace dockhew::inline caches {

// What works against the mounts on these targets when the command installs, and the options that help. Of an image that
// is not known it is assumed to have the hook: the option does no harm where there is none.
std::optional<DefeatingPart> forgetful_command(const Site& site, const Tool& tool, const ShellCommand& command,
                                               const std::vector<std::string>& mounted);

}  // namespace dockhew::inline caches
