// Who reads a tool's cache apart from the tool: a command that installs packages from it, a COPY from the stage, the
// container. With a mount in its place they would find nothing, or what other builds left there.
#pragma once

#include <string>
#include <vector>

#include "model/outcome.hpp"
#include "model/site.hpp"

namespace dockhew::inline caches {

// The first reader that can be seen of one of these directories, as they are filled by this step.
Obstacle cache_reader(const Site& site, const Tool& tool, const std::vector<std::string>& directories);

// Whether a step of the stage `other` takes one of these directories from `stage`, or from one built on it, by COPY or
// by a mount: a part of it or, with `with_parents`, something that contains it (`COPY --from=deps /root/.m2`).
bool takes_from(const Dockerfile& file, const Stage& stage, const Stage& other, const Step& step,
                const std::vector<std::string>& directories, bool with_parents);

// Whether a command of the site's RUN fails where nothing is in these directories: `rm -r /var/cache/apk/*`, which has
// no `-f`.
bool fails_without(const Site& site, const std::vector<std::string>& directories);

}  // namespace dockhew::inline caches
