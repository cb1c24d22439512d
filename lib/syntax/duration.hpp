// Go's time.ParseDuration, which reads the intervals of HEALTHCHECK.
#pragma once

#include <string>
#include <string_view>

namespace dockhew::inline syntax {

struct Duration {
  double nanoseconds = 0;
  std::string error;  // Go's wording; empty when the text is a duration
};

Duration parse_duration(std::string_view text);

}  // namespace dockhew::inline syntax
