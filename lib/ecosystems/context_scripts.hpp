// What a script of the build context does that a RUN starts: `./scripts/install.sh`, `bash build.sh`, `make deps`. The
// script is there to be read, so its commands stand in the place of the command that starts it, with the directory and
// the variables that each runs with. A script that something before the RUN may have changed is not known, nor one that
// is more than plain shell.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "effects/effects.hpp"
#include "model/site.hpp"

namespace dockhew::inline ecosystems {

struct ScriptFile {
  std::string source;  // in the build context
  std::string place;   // in the image
};

struct ScriptCommand {
  const ShellCommand* command = nullptr;
  std::string place;  // for a person: "scripts/install.sh:12"
};

struct ContextScript {
  std::vector<ScriptFile> files;             // that are read as a script, the first by the command itself
  std::vector<Script> scripts;               // without their texts
  std::vector<ScriptCommand> commands;       // in order; of those that start a script, what that has instead
  std::vector<const ShellCommand*> started;  // which these were
  Effects hidden;                            // what they do besides their commands
  bool by_make = false;                      // lines of a Makefile
};

// The files of the image that a command may take for its script, absolute: the first that is there counts. None for a
// command that starts no script by a path, or where that is not known.
std::vector<std::string> scripts_named_by(const ShellCommand& command);

// Of a command of the site's RUN; null where it starts none, or none that can be read.
std::shared_ptr<const ContextScript> context_script(const Site& site, const ShellCommand& command);

// Calls `visit` with each use of a tool in the site's RUN, and with those in the scripts that it starts: `starter` is
// the command of the RUN, and `place` says where in a script it is, empty for the RUN itself.
using UseVisitor = std::function<void(const ToolUse& use, const ShellCommand& starter, const std::string& place)>;
void for_each_use(const Site& site, const UseVisitor& visit);

// What context_script says, if nothing runs in it but what the tables know, so that the uses of tools in it are all
// there are, and none of them puts what it builds into a store.
std::shared_ptr<const ContextScript> known_context_script(const Site& site, const ShellCommand& command);

}  // namespace dockhew::inline ecosystems
