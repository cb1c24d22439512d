// The program of a compiled language that a container starts, which must be what the build makes: it is looked for
// where the start command finds it, and what else the build makes is copied too.
#pragma once

#include <set>

#include "ecosystems/runtime.hpp"

namespace dockhew::inline ecosystems {

// What the build makes besides the program that the container starts. Only what is there for certain, because a COPY
// must not fail.
struct OtherPrograms {
  std::vector<std::string> paths;  // absolute; directories (where the names of the programs are not known) end with "/"
  bool complete = true;            // nothing else is made
};

// How a language's tool makes programs.
struct ProgramBuilder {
  std::string_view tool;       // "cargo"
  std::string_view directory;  // where it installs programs, which the base image has in PATH
  // Whether a use builds sources that are not in the image.
  bool (*builds_from_registry)(const ToolUse&);
  // Adds what a use makes besides the program at `path`.
  void (*add_programs)(const Site&, const ToolUse&, const std::string& path, OtherPrograms& programs);
};

Outcome<RuntimeProgram> find_compiled_program(const Conversion& conversion, const ProgramBuilder& builder);

// Whether a container that starts this program starts another one with it: a shell, a change of the user.
bool starts_another(const Facts& facts, std::string_view name);

// Whether a command makes the file at `path`, or the files in a directory that it names without its last part:
// `cp target/release/app /usr/local/bin/`.
bool makes(const Site& site, const ShellCommand& command, const std::string& path);

// The known values of options that may be repeated: `--bin a --bin=b`.
std::set<std::string> known_values(const ShellCommand& command, std::initializer_list<std::string_view> options);

// `go run main.go`, `cargo run --release`: the tool with its word, where the container starts that; see
// Runtime::started_build.
std::string started_run(const Stage& stage, std::string_view tool);

}  // namespace dockhew::inline ecosystems
