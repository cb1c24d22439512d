// Where a stage or a variable is defined.
#pragma once

#include "language_server/snapshot.hpp"
#include "text/json.hpp"

namespace dockhew::cli {

// Locations; none for a place that names neither.
Json definitions_at(const Snapshot& snapshot, std::uint32_t offset);

}  // namespace dockhew::cli
