// Compose files: the builds that their services declare. A file that only adds to the services of another one, as
// `compose.prod.yaml` does, takes the rest from there.
#pragma once

#include <yaml-cpp/yaml.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "project/build_files.hpp"

namespace dockhew::cli {

bool is_compose_file(const std::string& path);
// Whether a file of any name is one, by what stands in it.
bool has_compose_services(const YAML::Node& root);

struct ComposeDirectory;

// What the Compose files of a directory say, which each of them may add to: read once, whichever thread asks first.
class ComposeDirectories {
 public:
  ComposeDirectories();
  ~ComposeDirectories();
  ComposeDirectories(const ComposeDirectories&) = delete;
  ComposeDirectories& operator=(const ComposeDirectories&) = delete;

  // That of a file.
  std::shared_ptr<const ComposeDirectory> of(const std::string& path);

 private:
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const ComposeDirectory>> read_;
};

// `known`: what may have been read for another file.
Builds read_compose_file(const std::string& path, ComposeDirectories* known = nullptr);

}  // namespace dockhew::cli
