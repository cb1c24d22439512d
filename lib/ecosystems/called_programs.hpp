// Programs that the source of an interpreted project starts: `subprocess.run(["git", …])`, `execSync('curl …')`. Only
// what is written as a text in such a call is seen.
#pragma once

#include <set>
#include <string>

#include "ecosystems/runtime.hpp"

namespace dockhew::inline ecosystems {

// Of the files below `root` of the context that `runtime` runs. Without tests.
std::set<std::string> find_called_programs(const BuildContext& context, const std::string& root,
                                           const Runtime& runtime);

// Of one file.
void add_called_programs(std::string_view source, const Runtime& runtime, std::set<std::string>& programs);

}  // namespace dockhew::inline ecosystems
