// What can be written at a place: instructions, their flags, stages, variables, the options of a mount with the
// directories that a tool keeps its cache in, and the rules that a comment can ignore.
#pragma once

#include "language_server/snapshot.hpp"
#include "text/json.hpp"

namespace dockhew::cli {

// Characters that ask for completions when they are typed.
Json completion_triggers();

Json completions_at(const Snapshot& snapshot, std::uint32_t offset);

}  // namespace dockhew::cli
