// Which builds of a workflow's job have a builder that can export its cache to GitHub's: one that a step before has set
// up in every run, of a release that knows the service. Docker's own builder cannot, and an older one fails, because it
// calls a service that has been shut down.
#pragma once

#include <yaml-cpp/yaml.h>

#include <map>
#include <string>

namespace dockhew::cli {

// Of one job; told of its steps in their order.
class CacheExporters {
 public:
  void read(const YAML::Node& step);
  // Whether that of docker/build-push-action has such a builder.
  bool serve(const YAML::Node& build) const;

 private:
  struct Builder {
    bool exports = false;
    std::string condition;  // of the step that sets it up
  };

  Builder current_;
  std::map<std::string, Builder, std::less<>> named_;  // by its name, and by the id of its step
};

}  // namespace dockhew::cli
