// What can be done about the findings at a place: their fixes, each with how sure it is, comments that silence them,
// and what is done to the whole file.
#pragma once

#include "language_server/client.hpp"
#include "language_server/snapshot.hpp"
#include "text/json.hpp"

namespace dockhew::cli {

Json code_action_kinds();

// `params` of `textDocument/codeAction`.
Json code_actions_at(const Snapshot& snapshot, const Json& params, const Client& client);

}  // namespace dockhew::cli
