// Programs that an image certainly does not have: its base image lacks them, and no step brings them. Of few images it
// is known what they lack: those of distributions, and those of languages that are made from them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/dockerfile.hpp"
#include "model/site.hpp"

namespace dockhew::inline ecosystems {

// The package that a stage would have to install to have the program; empty where the stage may have it.
std::string_view package_of_absent(const Dockerfile& file, const Stage& stage, std::string_view program);

// Whether a file that goes to a place of the image may be found by its name alone: into a directory of programs, or
// above one.
bool may_be_searched(const std::string& path);

// Whether a step may bring a program, or what is in a package: by its name, or because it is not known what it does.
bool may_bring(const Site& site, std::string_view program, std::string_view package);

// Whether a command may install anything: `./setup.sh`, `bash <(…)`, `apt-get install $PACKAGES`.
bool may_bring_anything(const ShellCommand& command);
// The same with commands that do what a file of the project says: `make deps`.
bool may_bring_anything(const Facts& facts, const ShellCommand& command);

// Whether whoever wrote a script knows that a program may be absent: `apk add a || apt-get install a`,
// `command -v apt-get && …`.
bool is_prepared_for(const Script& script, const ShellCommand& command);

// The package that would have to be installed before a RUN for it to find a program; empty where the image, or a step
// before it, may have the program.
std::string_view package_absent_before(const Site& run, std::string_view program);

// The package that a RUN would have to install before a command of it; empty where the image, or a step or command
// before it, may have the program, or where the script asks for it.
std::string_view package_of_absent(const Site& site, const ShellCommand& command);

// A program of the image that does the same as one that it lacks; empty where none is known.
std::string_view program_in_place_of(const ImageFacts& image, std::string_view program);

// How packages are installed in an image, for a person.
struct OwnManager {
  std::string_view distribution;  // "Alpine Linux"
  std::string_view command;       // "apk add --no-cache"
};

// Of a command of a RUN that is the package manager of another distribution, and certainly not in the image: that of
// its own. Nothing where the image, or a step before, may bring it.
std::optional<OwnManager> manager_in_place_of(const Site& site, const ShellCommand& command);

}  // namespace dockhew::inline ecosystems
