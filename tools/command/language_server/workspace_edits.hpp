// Changes of texts in the form that the client applies.
#pragma once

#include <string_view>
#include <vector>

#include "language_server/client.hpp"
#include "language_server/snapshot.hpp"
#include "text/edit.hpp"
#include "text/json.hpp"

namespace dockhew::cli {

// The edits of a document by themselves. `annotation`: the name of one that all of them get; empty: none.
Json text_edits(const Positions& positions, std::vector<TextEdit> edits, std::string_view annotation = {});

// A workspace edit of the snapshot's document, which must still have that version if the client can check it.
Json workspace_edit(const Snapshot& snapshot, std::vector<TextEdit> edits, const Client& client,
                    std::string_view annotation = {});

// What turns one text into another, line by line, so that what stays the same keeps its cursor and its marks.
std::vector<TextEdit> edits_between(std::string_view before, std::string_view after);

}  // namespace dockhew::cli
