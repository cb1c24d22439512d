// The outline of a Dockerfile: its stages with their instructions.
#pragma once

#include "language_server/client.hpp"
#include "language_server/snapshot.hpp"
#include "text/json.hpp"

namespace dockhew::cli {

Json document_symbols(const Snapshot& snapshot, const Client& client);

}  // namespace dockhew::cli
