// A name for a finding that stays the same while lines move, so that a code scanning service can tell old from new.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "lint/rule.hpp"
#include "text/position.hpp"

namespace dockhew {

// How often each place was named before, in one file.
using SeenFingerprints = std::map<std::uint64_t, int>;

// 16 hexadecimal digits of the rule and the line's text without blanks, a colon, and which of several equal ones it is.
std::string fingerprint(const Finding& finding, const LineIndex& lines, SeenFingerprints& seen);

}  // namespace dockhew
