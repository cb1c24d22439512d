// Findings in Compose files, bake files and workflows that are open in the editor: what `lint` says of them.
#pragma once

#include "language_server/client.hpp"
#include "language_server/documents.hpp"
#include "language_server/project_memory.hpp"
#include "text/json.hpp"

namespace dockhew::cli {

// All of them, as an array. The file is read from disk, with what it names there: of a text that has not been saved,
// findings in what was changed since are left out, and the others stand where their text is now.
Json build_file_diagnostics(const OpenDocument& document, ProjectMemory& memory, const Client& client);

}  // namespace dockhew::cli
