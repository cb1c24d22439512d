// Whether a command does the same in two images: its exit status and its output, apart from what every run makes up
// anew, such as times, process ids and the names of containers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dockhew::inline verify {

struct RunOutcome {
  int status = 0;
  std::string output;
};

// The text with `<time>`, `<date>`, `<duration>`, `<process>`, `<id>` and `<address>` in place of such values.
std::string without_passing_values(std::string_view output);

// Empty when both are the same: else the statuses, where they differ, and the difference of the outputs as a diff.
// `again`: a second run in the original; words that differ between the two do not count either.
std::string find_run_difference(const RunOutcome& original, const RunOutcome& optimized,
                                const std::optional<RunOutcome>& again = {});

}  // namespace dockhew::inline verify
