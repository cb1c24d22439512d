// Moves the commands that create a user before a COPY, so that the COPY can give its files to that user.
#pragma once

#include <string>
#include <vector>

#include "model/outcome.hpp"
#include "model/site.hpp"
#include "text/edit.hpp"

namespace dockhew::inline layers {

// The edits that let the first commands of the RUN `creator`, as far as they create users and groups, run before
// `copy`, a COPY of the same stage above it. `names`: the users and groups that must be there then. Declined, with a
// clause for "the user is created after the COPY, and …", where something in between may need the other order, or
// decide which numbers the users get.
Outcome<std::vector<TextEdit>> create_accounts_before(const Site& creator, const Step& copy,
                                                      const std::vector<std::string>& names);

}  // namespace dockhew::inline layers
