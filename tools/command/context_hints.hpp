// Which build context something only suggests: a comment at the top of the Dockerfile, a README, a script that may be
// started in several directories. It is a better guess than what the file copies, and no more.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "commands.hpp"
#include "ecosystems/context_needs.hpp"
#include "model/dockerfile.hpp"

namespace dockhew::cli {

struct HintedContext {
  std::size_t index = 0;  // of the directory
  std::string place;      // that says so: "docker/Dockerfile:1"
};

// `candidates`: the directories around the file, nearest first. Nothing where none that is suggested has what the file
// copies.
std::optional<HintedContext> hinted_context(const Inputs& inputs, const std::string& path, const Dockerfile& file,
                                            const ContextNeeds& needs, const std::vector<BuildContext>& candidates);

}  // namespace dockhew::cli
