// What a RUN leaves of the files below a path: which of its commands touches them last. Each COPY from another stage
// asks for its own path in each scenario, so the commands are looked through once, and each path is looked up.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "model/site.hpp"

namespace dockhew::inline layers {

// What one command does to the files below a path of the image.
enum class Touch { not_at_all, makes_again, may_change };

class TouchedPaths {
 public:
  explicit TouchedPaths(const Site& site);

  // `path` is cleaned and has no wildcards. Manifests that a tool derives from others are made again, where that
  // counts.
  Touch touch_of(const std::string& path, bool derived_counts) const;

 private:
  using Last = std::optional<std::size_t>;  // the last command; none is before all
  struct Answer {
    Last touches, derives;
  };

  Answer last_of(const std::string& path) const;

  bool unread_ = false;
  Last anything_;                                     // touches what is not known
  std::map<std::string, Last, std::less<>> touched_;  // by path
  std::map<std::string, Last, std::less<>> derived_;
  mutable std::map<std::string, Answer, std::less<>> directories_;
};

}  // namespace dockhew::inline layers
