// Which projects a solution names: `.sln`, `.slnx`, and `.slnf`, a part of another one. A restore of it reads each of
// them, of whatever kind, and fails where one is not there.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dockhew::inline ecosystems {

// By its name, in any case.
bool is_solution(std::string_view path);

// For the path of a solution and its text: the files that it names, as paths in the same context. Of a part, the other
// solution is the first. Not the folders that only an editor shows.
std::vector<std::string> files_of_solution(std::string_view path, const std::string& text);

}  // namespace dockhew::inline ecosystems
