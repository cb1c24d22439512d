// dockhew lsp: the server for editors, over standard input and output.
#pragma once

#include "options.hpp"

namespace dockhew::cli {

int run_language_server(const Options& options);

}  // namespace dockhew::cli
