// Programs that a source calls as if they were functions of a module: `from sh import git`, `sh.curl(…)`,
// `from plumbum.cmd import ssh`.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace dockhew::inline ecosystems {

// Adds what the source takes from such a module. An underscore in a name may stand for a hyphen, so both are added.
void add_member_programs(std::string_view source, std::string_view module, std::set<std::string>& programs);

}  // namespace dockhew::inline ecosystems
