// Facts about the world, read from rules/data/*.json: which images exist and what is in them, which tools download,
// install and build, and where they keep their caches. Rules ask these tables instead of knowing names themselves.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "facts/image_reference.hpp"

namespace dockhew {

enum class ActionKind {
  refresh,  // reads an index: apt-get update
  install,  // downloads and installs packages or declared dependencies
  fetch,    // only downloads declared dependencies
  build,    // compiles the project
  clean,    // empties the tool's cache
  other,    // harmless to caches: pip list
};

struct ToolAction {
  ActionKind kind = ActionKind::other;
  std::vector<std::string> words;  // after the command: {"mod", "download"}
  bool reads_source = false;       // needs more than the manifests
  bool uses_cache = true;          // a cache mount pays
  std::string only_with_option;    // matches only when one of the words is this
  bool packages = false;           // its operands are names of packages
  bool alone = false;              // matches only without any operand
  std::string stores_results_in;   // the tool among whose packages it puts what it makes, for later uses: "maven"
  bool independent = false;        // neither reads nor writes the project it is called in
};

// Another place of a cache, where a condition holds.
struct CacheAlternative {
  std::string if_set;        // a variable that has a value
  std::string if_file;       // at the root of the build context
  std::string user;          // "root": when the step runs as root
  std::string distribution;  // of the base image,
  std::string from;          // and its release: this one or a later one
  std::string path;          // empty: somewhere, which the tables do not know
};

struct ToolCache {
  std::string path;                            // with ${VARIABLE:-default}; HOME is the user's; empty: not known
  std::string sharing;                         // "shared" or "locked"
  std::string title;                           // "package registry"
  std::vector<CacheAlternative> alternatives;  // the first that holds, before `path`
  std::vector<std::string> unless_words;       // of the command, with which it is of no use: "-mod=vendor"
  std::string assumed;                         // what must be so of the image for this to be the place
  bool builds_only = false;                    // of no use to a command that only downloads
  bool store = false;  // later commands read it: what is downloaded here is not installed anywhere else
};

struct Tool {
  std::string id;                                  // "pip"
  std::string title;                               // "pip"
  std::vector<std::vector<std::string>> commands;  // {"pip"}, {"python", "-m", "pip"}
  std::vector<ToolCache> caches;
  std::vector<ToolAction> actions;
  std::vector<std::string> value_options;                 // options whose value is the next word
  std::vector<std::vector<std::string>> launches;         // of a compiler cache: the commands that go through it
  bool mount_pays = true;                                 // its downloads are large enough to propose a mount
  std::vector<std::string> offline_options;               // with one of these it downloads nothing
  std::vector<std::vector<std::string>> runs_from_cache;  // commands that keep programs in the cache: {"npx"}
  std::vector<std::string> cached_only_options;   // with one of these it takes what its cache holds: "--offline"
  std::vector<std::string> cached_only_settings;  // the same of a variable: "UV_OFFLINE=1"
  std::vector<std::string> place_options;         // say where the cache is: "--cache-dir", "-Dmaven.repo.local"
  std::vector<std::string> option_variables;      // hold options too: "MAVEN_OPTS"
  std::vector<std::string> defeating_options;     // "--no-cache-dir"
  std::string keeping_option;                     // without it the tool empties its cache itself
  std::vector<std::string> keeping_option_of;     // of its commands, those that need it; empty: all
  std::string keeping_command;                    // the same, for all later uses, where its traces do no harm
  std::string instead;                            // what takes the place of such an option; empty: nothing
  std::vector<std::string> defeating_variables;   // "PIP_NO_CACHE_DIR"
  std::vector<std::string> manifest_options;      // options that name a manifest: "-r"
  std::vector<std::string> manifests;             // globs that the dependency step reads
  std::vector<std::string> required_manifests;    // without these the step cannot run
  std::string pin_form;                           // how a package names its version: see docs/facts.md
  bool system_packages = false;                   // its packages are those of the distribution
  std::vector<std::string> pin_options;           // options that give the version of all packages
  std::vector<std::string> yes_options;           // answer its questions
  std::vector<std::string> lean_options;          // keep it from installing recommended packages
  std::vector<std::string> left_directories;      // hold what is of no use in an image
  std::vector<std::string> lean_cache_options;    // keep it from leaving anything there
  std::map<std::string, std::string> codes;       // hadolint's for: unpinned, interactive, recommends, left
  double download_cost = 0;                       // relative weights
  double build_cost = 0;
};

struct ImageEntry {
  std::vector<std::string> names;
  std::string since;         // version of the tag from which on this holds; older ones are not known
  std::string version;       // where the tag does not tell one: the name does, or no tag moves any more
  std::string distribution;  // debian, ubuntu, alpine, …; of the plain tag; empty when it differs
  std::string language;      // rust, go, node, python, java
  std::string user = "root";
  std::string workdir = "/";  // empty when it differs from tag to tag
  std::map<std::string, std::string> environment;
  std::vector<std::string> variables;                          // set as well, to values that differ from tag to tag
  std::map<std::string, std::string> users;                    // name to uid
  bool compilers = false;                                      // the plain tag carries compilers and headers
  std::vector<std::pair<std::string, std::string>> codenames;  // from version on, default release; ascending
};

// What is known about one image, derived from its entry and its tag.
struct ImageFacts {
  const ImageEntry* entry = nullptr;
  std::string mirror;  // that it comes from, to stand before the names of other images; empty: none is known
  std::string distribution;
  std::string release;  // "bookworm", "3.20"; empty when the tag does not say
  std::string version;  // leading version of the tag: "1.81"
  bool slim = false;
  bool compilers = false;
  bool windows = false;
};

struct Facts {
  std::vector<Tool> tools;
  std::vector<ImageEntry> images;
  std::vector<std::string> mirrors;         // of Docker's official images: "public.ecr.aws/docker/library/"
  std::vector<std::string> build_packages;  // only needed to compile
  std::map<std::string, std::map<std::string, std::string>>
      runtime_packages;  // release to -dev package to run-time package
  std::map<std::string, std::map<std::string, std::string>>
      needed_packages;                          // "pip" or "npm" to its package to the system's that it needs
  std::vector<std::string> plain_commands;      // effects are files named by their operands
  std::vector<std::string> bystander_commands;  // none of them runs or feeds a tool of the tables
  std::vector<std::string> bystander_scripts;  // parts of addresses: the same of a script that a shell reads from there

  std::vector<std::string> printing_commands;  // only write to their standard output

  bool is_plain(std::string_view command) const;
  bool is_printing(std::string_view command) const;
  bool is_bystander(std::string_view command) const;  // or plain
  const Tool* tool(std::string_view id) const;
  std::optional<ImageFacts> image(const ImageReference& reference) const;
};

// Reads tables in the format of docs/facts.md. On error the message says where; facts are then incomplete.
struct FactsResult {
  Facts facts;
  std::string error;
};
FactsResult parse_facts(const std::vector<std::pair<std::string, std::string_view>>& named_json);

// The tables that are part of the library.
const Facts& builtin_facts();

// "1.81.0-slim-bookworm" → 1, 81, 0; stops at the first part that is no number.
std::vector<int> version_numbers(std::string_view text);
bool version_at_least(std::string_view version, std::string_view minimum);

}  // namespace dockhew
