// "linux/arm64/v8", parsed as containerd does it: aliases of architectures become their canonical names.
// Facts: github.com/containerd/platforms.
#pragma once

#include <string>
#include <string_view>

namespace dockhew::inline model {

struct Platform {
  std::string os;
  std::string architecture;
  std::string error;  // containerd's wording; empty when the text is a platform
};

Platform parse_platform(std::string_view text);

}  // namespace dockhew::inline model
