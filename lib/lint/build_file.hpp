// A file besides Dockerfiles that says what is built: a Compose file, a workflow. Rules about such files read it as
// others read a Dockerfile. It is values and places only; who reads such a file knows how it is written.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lint/lint.hpp"
#include "model/dockerfile.hpp"

namespace dockhew::inline lint {

// What the file itself says, and where. Values that it takes from another file, or that are not known, are not here.
struct SaidValue {
  std::string text;
  Span span;  // in the file
};

struct DeclaredBuild {
  std::string name;                              // of the service or the step
  std::string path;                              // of its Dockerfile, for a person
  std::shared_ptr<const Dockerfile> dockerfile;  // null where it cannot be read
  std::string target;                            // the stage that it stops at; empty: the last one
  std::vector<SaidValue> targets;                // the same where the file itself says it: one, or none
  std::vector<SaidValue> arguments;              // names of build arguments that it passes
  std::vector<SaidValue> cache_to;               // where it exports its cache: "type=gha"
};

struct BuildFile {
  std::string text;
  std::vector<DeclaredBuild> builds;
};

// Findings of the rules about such files, sorted by place, without those that a comment in the line or in the line
// above silences: `# dockhew ignore=rule`.
std::vector<Finding> lint_build_file(const BuildFile& file, const LintSettings& settings);

}  // namespace dockhew::inline lint
