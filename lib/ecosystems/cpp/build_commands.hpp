// The commands that build a C or C++ project: what each works on, and where its results lie as far as its words tell.
// None is a tool of the tables, because none keeps a cache of its own; ccache does, for all of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ecosystems/runtime.hpp"
#include "effects/effects.hpp"
#include "model/script.hpp"

namespace dockhew::inline ecosystems {

enum class CppWork {
  prepares,    // makes what a build reads: ./configure, cmake -B build
  builds,      // compiles into the directory `output`
  makes_file,  // compiles the program or library at `output`
  installs,    // puts what is built below a prefix
};

struct CppCommand {
  CppWork work = CppWork::builds;
  std::string_view tool = {};               // "cmake", "make", "ninja", "meson", "autotools", "compiler"
  Value source = {};                        // the directory with the project's build file, of what configures
  Value output = {};                        // absolute; not known for a preset
  Value prefix = {};                        // that it is told to install below; undefined where it is not told
  bool shared = false;                      // the file is a shared library
  bool elsewhere = false;                   // an option moves what it installs: DESTDIR
  std::vector<std::string> libraries = {};  // that it links, by the names after `-l`
};

// Nothing for other commands, and for one whose words do not say what it does.
std::optional<CppCommand> read_cpp_command(const ShellCommand& command);

// See Runtime::part_of_command.
std::optional<BuildPart> cpp_part(const ShellCommand& command);
// See Ecosystem::other_effects.
std::optional<Effects> cpp_other_effects(const Script& script, const ShellCommand& command);
// See Ecosystem::adopts.
bool is_built_with_cpp(const Stage& stage);
// See Runtime::project: where the build file of the project is that a step builds.
Value cpp_project(const Stage& stage, const Step& build);

}  // namespace dockhew::inline ecosystems
