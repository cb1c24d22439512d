// What `dockhew optimize` would write, as a change that the editor shows before it makes it, and else as one that can
// be undone: the Dockerfile, and the lines of its ignore file that the rewrite counts on.
#pragma once

#include "language_server/server_commands.hpp"

namespace dockhew::cli {

// `least`: the weakest change to make.
Done preview_optimized(const Snapshot& snapshot, Applicability least, const Client& client);

}  // namespace dockhew::cli
