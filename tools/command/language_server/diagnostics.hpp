// Findings as the editor shows them.
#pragma once

#include "language_server/client.hpp"
#include "language_server/snapshot.hpp"
#include "text/json.hpp"

namespace dockhew::cli {

// `range`: where the finding is in the editor's text.
Json diagnostic_at(Json range, const Finding& finding, const Settings& settings, const Client& client);
Json diagnostic_of(const Snapshot& snapshot, const Finding& finding, const Client& client);

// That a configuration cannot be used.
Json configuration_diagnostic(const Settings& settings, const Positions& positions);

// All of them, as an array. A configuration that cannot be used is one, too, and then the only one.
Json diagnostics_of(const Snapshot& snapshot, const Client& client);

}  // namespace dockhew::cli
