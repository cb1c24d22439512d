// Who must own a cache mount so that the user of its RUN can write to it.
#pragma once

#include <string>
#include <vector>

#include "model/outcome.hpp"
#include "model/site.hpp"

namespace dockhew::inline caches {

// ",uid=1000,gid=1000" for a step that does not run as root, empty for root. Declined if the uid is not known: the base
// image does not say it, and nothing in the file that is certain to run.
Outcome<std::string> mount_owner(const Site& site);

// `pip install … && chown -R app /root`: the mount gets the owner, and a tool that checks it then uses it no more.
Obstacle obstacle_of_new_owner(const Site& site, const Tool& tool, const std::vector<std::string>& targets);

}  // namespace dockhew::inline caches
