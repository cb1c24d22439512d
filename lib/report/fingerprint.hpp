// A name for a finding that stays the same when lines move, so that a code scanning service can tell old findings from
// new ones.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "lint/rule.hpp"
#include "text/position.hpp"

namespace dockhew::inline report {

// What was named before, in one file.
struct SeenFingerprints {
  std::map<std::pair<std::string_view, std::uint32_t>, std::uint64_t> hashes;  // of a rule and a line
  std::map<std::uint64_t, int> counts;                                         // of places with the same hash
};

// 16 hexadecimal digits computed from the rule and the line's text without blanks, a colon, and the number among equal
// ones.
std::string fingerprint(const Finding& finding, const LineIndex& lines, SeenFingerprints& seen);

}  // namespace dockhew::inline report
