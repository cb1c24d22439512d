// What Cargo puts into its caches, and how its results are kept out of a cache mount that its intermediate files are
// in.
#pragma once

#include <optional>
#include <string_view>

#include "ecosystems/cache_behaviour.hpp"
#include "model/site.hpp"

namespace dockhew::inline ecosystems {

std::optional<IntermediateFiles> cargo_intermediate_files(const Site& site, std::string_view artifact,
                                                          std::string_view mounted);

// See Ecosystem::fills_nothing_in: what comes from Git repositories, where Cargo.lock names none.
bool cargo_fills_nothing_in(const Site& site, const ToolUse& use, const ToolCache& cache);

}  // namespace dockhew::inline ecosystems
