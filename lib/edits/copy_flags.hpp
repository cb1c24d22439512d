// Flags of COPY that set owners and modes, in place of a chown or chmod in a RUN behind it.
#pragma once

#include <string>
#include <string_view>

#include "syntax/document.hpp"

namespace dockhew::inline edits {

// "--chown=node:node" for an owner as chown takes it; empty where there is none that means the same. `chown user`
// leaves the group as it is, which is root's, where `--chown=user` would set the user's own; `chown :group` leaves root
// as the user.
std::string owner_flag(std::string_view owner);

// Whether an owner of COPY is told by a name, which has to be looked up in the image. `root` is known without. With
// `--link` files are put on nothing: https://github.com/moby/buildkit/pull/7134.
bool has_names(std::string_view owner);

// Whether a flag can stand beside those that the COPY has.
bool allows_flag(const Instruction& copy, std::string_view flag);

}  // namespace dockhew::inline edits
