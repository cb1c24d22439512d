// Scripts that a RUN downloads and runs at once: `curl https://example.org/install | bash`. What they do is not known,
// but for those that a vendor publishes to set up its software: they change the system or the user's home, whatever
// project the image is for.
#pragma once

#include <optional>

#include "effects/effects.hpp"
#include "facts/facts.hpp"

namespace dockhew::inline effects {

// `curl -sS https://example.org/install`: fetches what an address names. `@` would name a file to be sent.
bool downloads(const Facts& facts, const ShellCommand& command);

// Whether the command is a shell that runs what a download feeds it, and nothing else.
bool runs_download(const Facts& facts, const Script& script, const ShellCommand& command);

// What one does that runs a script of the tables, fed to it or downloaded into a file before; nothing for every other
// command.
std::optional<Effects> published_script_effects(const Facts& facts, const Script& script, const ShellCommand& command);

}  // namespace dockhew::inline effects
