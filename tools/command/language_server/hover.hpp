// What is shown about a place: the findings there with the reason for their rule, the value of a variable, what a stage
// is based on, or what an instruction is for.
#pragma once

#include "language_server/client.hpp"
#include "language_server/snapshot.hpp"
#include "text/json.hpp"

namespace dockhew::cli {

// Null where there is nothing to say.
Json hover_at(const Snapshot& snapshot, std::uint32_t offset, const Client& client);

}  // namespace dockhew::cli
