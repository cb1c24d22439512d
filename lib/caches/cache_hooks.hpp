// Base images that empty a cache after each installation: Debian's and Ubuntu's have an APT hook for it. A RUN with a
// mount moves the hook aside and back, so that the image keeps it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "caches/defeating_part.hpp"

namespace dockhew::inline caches {

// The commands that set a hook aside for the length of a RUN. Where it is not known to be there, they look. `wrapper`
// stands before what needs root: "sudo ", or nothing.
struct HookCommands {
  std::string before, after;
};
HookCommands set_hook_aside(const CacheHook& hook, bool is_there, std::string_view wrapper = {});

// What works against the tool's mounts on these targets, if the base image has such a hook or may have it.
std::optional<DefeatingPart> defeating_hook(const Site& site, const Tool& tool,
                                            const std::vector<std::string>& mounted);

// Whether the user of this step has root's rights. A user that needs `sudo` has not.
bool may_act_as_root(const Step& step);

}  // namespace dockhew::inline caches
