// How Cargo's results are kept out of a cache mount that its intermediate files are in.
#pragma once

#include <optional>
#include <string_view>

#include "ecosystems/cache_behaviour.hpp"
#include "model/site.hpp"

namespace dockhew::inline ecosystems {

std::optional<IntermediateFiles> cargo_intermediate_files(const Site& site, std::string_view artifact,
                                                          std::string_view mounted);

}  // namespace dockhew::inline ecosystems
