// The number of a user whom a command creates without saying one. The tools take the first that is free, so it follows
// from the users of the base image and from the commands before: useradd takes the highest plus one, adduser the lowest
// that is free, and for system users the one begins at 999 and the other at 100.
#pragma once

#include <string>
#include <string_view>

#include "model/site.hpp"

namespace dockhew::inline effects {

// The number of a user whom the stage creates; empty where it is not known: the users of the base image are not, a
// command may have added others, or packages were installed before a system user, and may have brought their own.
std::string free_number(const Site& site, std::string_view user);

}  // namespace dockhew::inline effects
