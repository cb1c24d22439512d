// The command line, read into plain values.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lint/rule.hpp"

namespace dockhew::cli {

inline constexpr int exit_clean = 0;
inline constexpr int exit_found = 1;
inline constexpr int exit_failed = 2;

enum class Shellcheck { automatic, on, off };  // automatic: when it is installed

// One of the reports of a run, and where it goes: into a file, or to standard output.
struct ReportTarget {
  std::string format;
  std::string file;
};

struct Configuration;

struct Options {
  std::string command;
  std::vector<std::string> words;  // of the command line, without the command
  std::vector<std::string> operands;
  std::vector<std::string> select, ignore;  // names of rules; checked
  bool select_given = false;
  std::string format = "text";
  std::vector<ReportTarget> reports;     // lint
  Severity fail_on = Severity::warning;  // off: never
  bool fail_on_given = false;
  std::string configuration;  // --config
  bool no_configuration = false;
  bool fix = false;
  bool write = false;
  std::string output;
  std::optional<Applicability> least;             // --safe, --conditional or --unsafe
  std::vector<std::string> exclude;               // globs, from the current directory
  std::shared_ptr<const Configuration> hadolint;  // in place of one that is found
  std::string path_in_report;                     // in place of the path of each file
  std::string stdin_name;                         // what standard input is called
  std::string context;                            // empty: the directory of each Dockerfile
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
  bool resolve = false;                            // ask registries about base images
  bool resolve_files = false;                      // and read their layers
  bool offline = false;                            // or only what is known of them from earlier
  std::vector<std::string> images;                 // "NAME=oci-layout:DIR"
  std::string lock;                                // a file with what was resolved
  int registry_timeout = 20;                       // seconds, of one request
  bool update = false, check = false;              // pin: of digests that are there
  std::string apt_snapshot;                        // pin: "20260131T000000Z"; empty: APT's sources stay
};

struct ParsedOptions {
  Options options;
  std::string message;  // the version or an error
  int status = -1;      // not -1: print the message and exit with this
};

ParsedOptions parse_options(int argc, char** argv);

}  // namespace dockhew::cli
