// Plugins and packages that work with Git's data, as their names say: a manifest names one for each of them, far more
// than a list can have.
#pragma once

#include <string>
#include <string_view>

namespace dockhew::inline flow {

// The first name in a manifest with the word `git` in it: "com.github.jmongard.git-semver-plugin". Empty where there is
// none, and for files that are no manifest of what a build uses. `path`: of the file. Names of those that only look
// like it, addresses and commands do not count.
std::string git_plugin_in(std::string_view path, std::string_view text);

}  // namespace dockhew::inline flow
