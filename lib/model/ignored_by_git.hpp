// Whether Git leaves a file of the build context alone: then it may lie on this machine, and no clone has it.
#pragma once

#include <string>

#include "model/build_context.hpp"

namespace dockhew::inline model {

// By the .gitignore files of the directories above it, and by what Git keeps nevertheless. The file need not be there.
bool is_ignored_by_git(const BuildContext& context, const std::string& path);

}  // namespace dockhew::inline model
