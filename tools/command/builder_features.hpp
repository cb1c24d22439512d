// Which release of which builder knows what of a Dockerfile. `doctor` shows it, and `verify` says before it builds what
// a builder that it found cannot build.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "model/dockerfile.hpp"

namespace dockhew::cli {

enum class BuilderProgram : std::uint8_t { docker, buildkit, podman, buildah, kaniko, legacy };

struct BuilderFeature {
  std::string_view id;    // "cache-mounts"
  std::string_view name;  // "cache mounts"
  // The first release that has it without a `# syntax=` line.
  std::string_view docker, buildkit, podman, buildah;
  bool (*used_by)(const Instruction& instruction);
};
std::span<const BuilderFeature> builder_features();

enum class Support : std::uint8_t {
  yes,
  by_syntax_line,  // with `# syntax=docker/dockerfile:1`, which fetches a frontend that has it
  ignored,         // it builds, as if it were not there
  no,
  unknown
};
std::string_view to_string(Support support);  // "yes", "syntax-line"

// `version`: of the program; what has no number in it is not known.
Support support_of(const BuilderFeature& feature, BuilderProgram program, std::string_view version);

// The first that a file uses and that this builder does not have: "heredocs". Empty when there is none, or when it is
// not known. A `# syntax=` line of the file counts.
std::string unsupported_feature(const Dockerfile& file, BuilderProgram program, std::string_view version);

}  // namespace dockhew::cli
