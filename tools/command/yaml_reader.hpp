// How all our YAML files are read: a map with known keys; anything else is an error with its place and a suggestion.
#pragma once

#include <yaml-cpp/yaml.h>

#include <functional>
#include <map>
#include <set>
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
// The same of a text that was read from there, and of each document of one with several.
std::string read_yaml_text(const std::string& path, const std::string& text,
                           const std::function<void(const YAML::Node&)>& reader);
std::string read_yaml_documents(const std::string& path, const std::string& text,
                                const std::function<void(const YAML::Node&)>& reader);
// The same of JSON that may have comments and commas before closing brackets.
std::string read_json_with_comments(const std::string& path, const std::function<void(const YAML::Node&)>& reader);

// Bounds what is done with what was read, for all files within its scope: a line of a file can be taken over by a
// thousand others, each of which looks at all that it stands for. Readers count the entries that they look at, once
// more each time, and the texts that they keep; beyond what any real file needs, WrongValue is thrown. Every file that
// is read has a scope of its own, and none has more than is left of those around it. Outside of any, nothing is
// counted.
class YamlBudget {
 public:
  // `times`: as much as so many files.
  explicit YamlBudget(std::size_t times = 1);
  ~YamlBudget();
  YamlBudget(const YamlBudget&) = delete;
  YamlBudget& operator=(const YamlBudget&) = delete;

  static void look_at(std::size_t entries);
  static void keep(std::size_t bytes);

 private:
  struct Left {
    std::size_t entries, bytes;
  };
  static thread_local Left* current_;
  Left left_, given_;
  Left* around_;
};

// Whether this is the error of a file that exceeds it, or whose aliases stand for too much.
bool is_too_large(const std::string& error);

// The value of a key, its own or one that `<<` merges in; not defined where there is none.
YAML::Node merged_value(const YAML::Node& map, const std::string& key);

// The text of a scalar; empty for all else.
std::string scalar_of(const YAML::Node& node);

// Passes on the entries of all maps of a document, at any level up to a bound. The reader returns whether it has read
// the entry; if not, its value is looked into.
using EntryReader = std::function<bool(const std::string& key, const YAML::Node& value)>;
void read_entries(const YAML::Node& root, const EntryReader& reader);

// The words of a list from one on, each quoted for a shell; empty where there is no list.
std::string shell_words(const YAML::Node& list, std::size_t first = 0);

// Of a node, from 1.
std::size_t line_of(const YAML::Node& node);

// The names of build arguments that are passed: the keys of a map, or what precedes `=` in a list or in lines.
std::set<std::string, std::less<>> argument_names(const YAML::Node& node);

}  // namespace dockhew::cli
