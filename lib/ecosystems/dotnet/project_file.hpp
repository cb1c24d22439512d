// What a project file of MSBuild, which is a program, imports and does when packages are restored.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dockhew::inline ecosystems {

// As they are written; without those of an SDK.
std::vector<std::string> imports_in(std::string_view text);

// The projects that one refers to, relative to it, with slashes.
std::vector<std::string> project_references_in(std::string_view text);

// The name of a target that runs before or after a restore, or at the beginning of everything, and does more than set
// properties and items; empty where there is none.
std::string target_of_restore(std::string_view text);

}  // namespace dockhew::inline ecosystems
