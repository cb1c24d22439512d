// Whether whoever wrote a script counts on it that a command may fail: `npm run lint || true`.
#pragma once

#include "model/script.hpp"

namespace dockhew::inline model {

// Whether a `||` catches the failure of a command: behind it, or behind what follows it with `&&`.
bool is_failure_caught(const Script& script, const ShellCommand& command);

}  // namespace dockhew::inline model
