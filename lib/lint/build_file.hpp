// A file besides Dockerfiles that says what is built: a Compose file, a workflow. Rules about such files read it as
// others read a Dockerfile. It is values and places only; who reads such a file knows how it is written.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lint/lint.hpp"
#include "model/dockerfile.hpp"

namespace dockhew::inline lint {

// What the file itself says, and where. Values that it takes from another file, or that are not known, are not here.
struct SaidValue {
  std::string text;
  Span span;           // in the file
  bool exact = false;  // the span holds the value and nothing else; otherwise it is only where to look
};

// Where entries can be added to the block that says what is built.
struct NewEntries {
  Span span;                // what they replace, often nothing
  std::string before;       // comes before them
  std::string indentation;  // of each of them
};

struct DeclaredBuild {
  std::string name;                              // of the service or the step
  std::string job;                               // of a workflow: its builds are made on one machine, in their order
  std::string path;                              // of its Dockerfile, for a person
  std::string path_in_project;                   // the same wherever dockhew is called
  std::shared_ptr<const Dockerfile> dockerfile;  // null where it cannot be read
  std::string target;                            // the stage that it stops at; empty: the last one
  std::vector<SaidValue> targets;                // the same where the file itself says it: one, or none
  std::vector<SaidValue> arguments;              // names of build arguments that it passes
  std::vector<SaidValue> cache_to;               // where it exports its cache: "type=gha"
  // It imports or exports one, here or in a file that this one adds to, or is told to use none.
  bool has_cache = false;
  bool hosted = false;        // on a machine that is new for every run
  bool in_matrix = false;     // one of several that are made at the same time on other machines
  bool can_export = false;    // the file itself sets up a builder that can export a cache
  std::string old_container;  // the image in which it runs, if that has a builder that may be too old for it
  std::string platforms;      // that a workflow builds for, the machine's own included: "linux/amd64,linux/arm64"
  std::set<std::string, std::less<>> given_arguments;  // "NAME=value", but for what differs from one run to the next
  std::string image;                                   // its `image:` as written, in Compose
  bool pushed = false;                                 // a workflow pushes an image of that name
  SaidValue block;                                     // the key of the block that says what is built
  std::optional<NewEntries> entries;  // nothing where the block is not written line by line, or is shared
};

struct BuildFile {
  enum class Kind { compose, workflow, other };

  Kind kind = Kind::other;
  std::string name;  // without its directory and its ending
  std::string text;
  std::string newline = "\n";  // what its lines end with
  std::vector<DeclaredBuild> builds;
  std::vector<DeclaredBuild> elsewhere;  // of the same Dockerfiles by other workflows: what of them tells their layers
};

// Findings of the rules about such files, sorted by place, without those that a comment in the line or in the line
// above silences: `# dockhew ignore=rule`.
std::vector<Finding> lint_build_file(const BuildFile& file, const LintSettings& settings);

}  // namespace dockhew::inline lint
