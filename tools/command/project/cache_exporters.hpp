// Which builds of a workflow's job have a builder that can export its cache to GitHub's: one that a step before has set
// up in every run, of a release that knows the service. Docker's own builder cannot, and an older one fails, because it
// calls a service that has been shut down.
#pragma once

#include <yaml-cpp/yaml.h>

#include <map>
#include <string>
#include <utility>

namespace dockhew::cli {

// Of one job; told of its steps in their order. `container`: the image in which the job runs, if not on the machine.
class CacheExporters {
 public:
  explicit CacheExporters(std::string container = {}) : container_(std::move(container)) {}
  void read(const YAML::Node& step);
  // Whether that of docker/build-push-action has such a builder.
  bool serve(const YAML::Node& build) const;
  // The container, where a step before takes the Buildx that is in it and that may not know the service; else empty.
  const std::string& old_container() const { return old_container_; }

 private:
  struct Builder {
    bool exports = false;
    std::string condition;  // of the step that sets it up
  };

  std::string container_, old_container_;
  Builder current_;
  std::map<std::string, Builder, std::less<>> named_;  // by its name, and by the id of its step
};

}  // namespace dockhew::cli
