// How the two images of a verification compare, once both are built: their files and configuration, what the container
// starts, and what a command does in them.
#pragma once

#include <string>

#include "verify/scenarios.hpp"

namespace dockhew::cli {

// `command`: for both images; empty for none. Builds the original once more where that could explain a difference.
// Returns an error message for the user.
std::string compare_results(const Plan& plan, BuildDriver& driver, Progress& progress, const std::string& command,
                            const Archives& archives, Verification& verification);

}  // namespace dockhew::cli
