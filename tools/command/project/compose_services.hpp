// The services of a Compose file as Compose sees them: with what they extend, in this file or another, and with those
// of files that are included. Files are read only inside of the project, each once, and only so many.
#pragma once

#include <yaml-cpp/yaml.h>

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "project/compose_values.hpp"

namespace dockhew::cli {

// A Compose file that was read.
struct ComposeDocument {
  std::string path;
  std::string directory;  // that its paths are relative to
  YAML::Node root;
};

// A value with the file that says so; not there without a node.
struct ComposeNode {
  YAML::Node node{YAML::NodeType::Undefined};
  std::shared_ptr<const ComposeDocument> document;
  explicit operator bool() const { return node.IsDefined(); }
  std::string place() const;  // of a start
};

class ComposeProject;

// A service, and those that it extends.
class ComposeService {
 public:
  ComposeService(ComposeProject& project, const ComposeNode& own);

  ComposeNode value(const char* key) const;
  // Of a key whose maps are merged: its own value, then those of what it extends.
  std::vector<ComposeNode> values(const char* key) const;
  // What stands below its own name.
  const ComposeNode& own() const { return chain_.front(); }
  // Where one of them says that it extends one that cannot be read.
  const ComposeNode& unread() const { return unread_; }

 private:
  std::vector<ComposeNode> chain_;
  ComposeNode unread_;
};

class ComposeProject {
 public:
  // `left`: bytes of other files that may be read; what was read is subtracted.
  ComposeProject(const std::string& path, const YAML::Node& root, std::shared_ptr<const ComposeValues> values,
                 std::size_t& left);

  const ComposeValues& values() const { return *values_; }
  // Of the files that were read so far, but for the first.
  std::vector<std::string> other_paths() const;
  // Calls the function with each service, its name, and the node of that: of the file, then of those that it includes.
  void each_service(const std::function<void(const ComposeNode& name, const ComposeService&)>& use);
  // Another file, unless it may not be read. `directory`: that of its paths, where that is not its own.
  std::shared_ptr<const ComposeDocument> open(const std::string& path, const std::string& directory);
  // The lines of a file of variables; none where it may not be read.
  const std::vector<std::string>& environment_file(const std::string& path);

 private:
  void each_of(const std::shared_ptr<const ComposeDocument>& document, int depth,
               const std::function<void(const ComposeNode& name, const ComposeService&)>& use);
  void include(const std::shared_ptr<const ComposeDocument>& document, const YAML::Node& entry, int depth,
               const std::function<void(const ComposeNode& name, const ComposeService&)>& use);

  std::shared_ptr<const ComposeValues> values_;
  std::vector<std::shared_ptr<const ComposeDocument>> documents_;  // the file itself first
  std::set<const ComposeDocument*> included_;
  std::size_t& left_;
  std::map<std::string, std::vector<std::string>> environment_files_;  // by their paths
  std::size_t environment_left_;                                       // bytes of others that may be read
};

}  // namespace dockhew::cli
