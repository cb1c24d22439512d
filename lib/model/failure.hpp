// What the failure of a command means for its script: whether somebody counts on it, whether it ends the script, and
// which commands a script that succeeds may have left out.
#pragma once

#include "model/script.hpp"

namespace dockhew::inline model {

// Tells the elements of a script's chain what the functions below ask of them. Called once, when it has been read.
void find_failures(Script& script);

// Whether a `||` catches the failure of a command, after it or after what follows it with `&&`: `npm run lint || true`,
// but not `npm run lint || exit 1`.
bool is_failure_caught(const Script& script, const ShellCommand& command);

// Whether a script that succeeds may have skipped a command: `if [ -n "$A" ]; then …; fi`, `[ "$A" ] && … || true`.
bool may_be_skipped(const Script& script, const ShellCommand& command);

// `set -eux`: an element that sets options of the shell.
bool sets_option(const Script& script, const ChainElement& element);

// `set -eux`, `set -o errexit`: from here on a failure ends the script.
bool stops_on_failure(const Script& script, const ChainElement& element);

// Whether the script certainly fails where the command does: it runs in any case, and nothing after it hides that.
bool ends_script(const Script& script, const ShellCommand& command);

}  // namespace dockhew::inline model
