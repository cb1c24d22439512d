// How all our YAML files are read: a map with known keys; anything else is an error with its place and a suggestion.
#pragma once

#include <yaml-cpp/yaml.h>

#include <functional>
#include <map>
#include <stdexcept>
#include <string>

#include "lint/finding.hpp"

namespace dockhew::cli {

// Thrown while a file is read, and caught by read_yaml.
struct WrongValue : std::runtime_error {
  WrongValue(const YAML::Mark& where, const std::string& what) : std::runtime_error(what), mark(where) {}
  YAML::Mark mark;
};

using KeyReaders = std::map<std::string, std::function<void(const YAML::Node&)>>;

// Reads the known keys of a map; an unknown one is an error that names the closest.
void read_keys(const YAML::Node& map, const KeyReaders& readers);

Severity severity_of(const YAML::Node& node);

// Passes on the root of a file, unless the file is empty. Returns an error message for the user, with file, line and
// column.
std::string read_yaml(const std::string& path, const std::function<void(const YAML::Node&)>& reader);

}  // namespace dockhew::cli
