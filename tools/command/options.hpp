// The command line, read into plain values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lint/rule.hpp"

namespace dockhew::cli {

inline constexpr int exit_clean = 0;
inline constexpr int exit_found = 1;
inline constexpr int exit_failed = 2;

enum class Shellcheck { automatic, on, off };  // automatic: when it is installed

struct Options {
  std::string command;
  std::vector<std::string> operands;
  std::vector<std::string> select, ignore;  // names of rules; checked
  bool select_given = false;
  std::string format = "text";
  Severity fail_on = Severity::warning;  // off: never
  bool fail_on_given = false;
  std::string configuration;  // --config
  bool no_configuration = false;
  bool fix = false;
  bool write = false;
  std::string output;
  Applicability least = Applicability::unsafe;
  std::string context;  // empty: the directory of each Dockerfile
  std::vector<std::string> data;
  std::vector<std::string> rules;  // files of user rules
  std::string dump_as;             // "buildkit", "json", or empty: the trees
  bool colour = false;
  bool terminal = false;  // what is printed is read by people, or by a CI service that obeys what is in its log
  std::size_t jobs = 1;   // files at the same time
  std::optional<Shellcheck> shellcheck;
  std::string html;     // layers, verify: a page to write
  std::string against;  // verify: another Dockerfile instead of the optimized form
  std::string run;      // verify: a command for both images
  std::string change_source, change_dependencies;
  std::vector<std::string> build_arguments;  // "NAME=value"
  std::vector<std::string> builder_options;  // "--network=host"
  int repetitions = 1;
  std::string builder_name;        // verify: the builder; empty: the first that works
  std::optional<Builder> builder;  // what can be proposed
  std::optional<BuilderCache> builder_cache;
  CacheExport cache_export = CacheExport::unsaid;  // optimize: what Compose files get
};

struct ParsedOptions {
  Options options;
  std::string message;  // help, version or an error
  int status = -1;      // not -1: print the message and exit with this
};

struct Selection {
  std::vector<const Rule*> rules;  // sorted as the catalogue
  std::vector<std::string> only;   // if not empty, only findings that answer to one of these are kept
  bool as_buildkit = false;        // `buildkit` alone: answer as `docker build --check` does
  bool as_hadolint = false;        // `hadolint` alone: its codes, with its severities
  std::string error;
};
// The rules that names select; without `select` those that run by default.
Selection select_rules(const std::vector<std::string>* select, const std::vector<std::string>& ignore);

// Why this is not an id, alias or group of rules, with a suggestion; empty when it is one. ShellCheck codes count as
// names.
std::string check_rule_name(const std::string& name);

// Values of options that are lists: "a,b" is two values.
std::vector<std::string> split_commas(const std::vector<std::string>& values);

// "auto", "on" or "off". Returns an error message for the user.
std::string parse_shellcheck(const std::string& text, Shellcheck& out);

// "buildkit", "buildah", "kaniko" or "legacy"; "persistent" or "ephemeral". They return an error message for the user.
std::string parse_builder(const std::string& text, Builder& out);
std::string parse_builder_cache(const std::string& text, BuilderCache& out);

// "style", "info", "warning", "error" or "never". Returns an error message for the user.
std::string parse_fail_on(const std::string& text, Severity& out);

ParsedOptions parse_options(int argc, char** argv);

}  // namespace dockhew::cli
