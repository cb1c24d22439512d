// Programs that run as text: what a command line starts, what that text loads, and which of a project's files only its
// build or its installation reads. Asked of an image: a text is read and a name is looked up there, and nothing runs.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "facts/facts.hpp"
#include "image/image.hpp"
#include "model/script.hpp"

namespace dockhew::inline ecosystems {

// What a command line of an interpreter runs.
struct StartedText {
  std::vector<std::string> files{};    // absolute paths
  std::vector<std::string> modules{};  // by name, as the text of a file in the working directory would load them
  std::string text{};                  // given in the command line itself
};

struct CommandLine {
  std::span<const std::string> words;
  std::string directory;  // where it runs
};

struct Interpreter {
  Words commands;           // without versions: "node"
  bool compiled = false;    // what it runs was built, and none of the source runs: a jar
  Words texts = {};         // names of files that run or load others, as globs: "*.js"
  Words manifests = {};     // names of files that say what is installed, and are read here: "package.json"
  Words packages = {};      // directories in which installed packages lie: "node_modules"
  Words sources = {};       // names of files of which something else is built that runs, as globs: "*.ts"
  Words installation = {};  // names of files that only installations read, as globs: "yarn.lock"
  StartedText (*start)(const Image&, const CommandLine&) = nullptr;
  // The lines that a shell runs for a command of a package manager: `npm start`. Null when it has no such commands.
  std::vector<std::string> (*scripts)(const Image&, const CommandLine&) = nullptr;
  // The names that a text loads, as they are written there.
  std::vector<std::string> (*loads)(std::string_view text) = nullptr;
  // What a name means in the text of a file: a file, or the directory of a package. Nothing when it is not there, or is
  // a part of the interpreter.
  std::optional<std::string> (*find_module)(const Image&, const std::string& file, const std::string& name) = nullptr;
  // Whether a file is of a package that was installed for the program, and not a part of the base image. Null when
  // packages lie with the project.
  bool (*is_installed)(std::string_view path) = nullptr;
  // Files and directories below a project's directory that hold packages which only its development needs.
  std::set<std::string> (*development_packages)(const Image&, const std::string& directory) = nullptr;
};

// By the name or the path of its command, with or without a version: "/usr/bin/python3.11". Null when none is known.
const Interpreter* find_interpreter(std::string_view command);
// Whether a command is a script, or a program that is given one: `./build.sh`, `sh build.sh`, `node build.js`, but not
// `curl … | bash -`.
bool runs_file(const ShellCommand& command);
// The one whose files have this name; null when none is known.
const Interpreter* find_interpreter_of(std::string_view file_name);

// Whether a file of this name says what is installed.
bool is_manifest_of_interpreter(std::string_view file_name);

// Whether a path is one in which packages were installed, by any interpreter's packages.
bool is_in_packages(std::string_view path);

}  // namespace dockhew::inline ecosystems
