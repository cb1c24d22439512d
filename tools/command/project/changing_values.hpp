// Values of build arguments that differ from one run of a workflow or a script to the next: a commit, a date, a tag.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace dockhew::cli {

// Whether an expression of a workflow or a shell word has such a value: `${{ github.sha }}`, `$(git rev-parse HEAD)`.
bool changes_with_runs(std::string_view value);

// The names of those among lines of the form NAME=value.
std::set<std::string, std::less<>> changing_names(std::string_view lines);

}  // namespace dockhew::cli
