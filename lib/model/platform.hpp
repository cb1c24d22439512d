// "linux/arm64/v8", parsed as containerd does it: aliases of architectures become their canonical names.
// Facts: github.com/containerd/platforms.
#pragma once

#include <string>
#include <string_view>

namespace dockhew::inline model {

struct Platform {
  std::string os;
  std::string architecture;
  std::string error;    // containerd's wording; empty when the text is a platform
  std::string variant;  // "v7"; empty where the architecture has one that is always meant

  std::string text() const { return os + '/' + architecture + (variant.empty() ? "" : '/' + variant); }
};

Platform parse_platform(std::string_view text);

// That a build is for, and runs on, where nothing says otherwise.
inline constexpr std::string_view usual_platform = "linux/amd64";

// What an index says of one of its images; not as strict, because nobody wrote it for this program.
Platform normal_platform(std::string_view os, std::string_view architecture, std::string_view variant);

}  // namespace dockhew::inline model
