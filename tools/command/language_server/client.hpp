// What the client can do, as it says when it starts, as far as that decides what the server answers.
#pragma once

#include <string>

#include "language_server/positions.hpp"
#include "text/json.hpp"

namespace dockhew::cli {

struct Client {
  Encoding encoding = Encoding::utf16;
  std::string root;                    // directory of its workspace; empty: none
  bool pulls_diagnostics = false;      // so none are sent unasked
  bool refreshes_diagnostics = false;  // pulls again when told to
  bool related_information = false;
  bool code_descriptions = false;  // the page of a rule
  bool versioned_edits = false;    // `documentChanges`
  bool creates_files = false;
  bool annotates_edits = false;  // asks before it makes changes that need that
  bool literal_actions = false;  // code actions, and not only commands
  bool resolves_edits = false;   // asks for the edit of an action when it is chosen
  bool applies_edits = false;
  bool hierarchical_symbols = false;
  bool markdown = false;  // in what it shows at a place
  bool snippets = false;
  bool watches_files = false;  // when it is asked to
};

// `params` of `initialize`.
Client read_client(const Json& params);

}  // namespace dockhew::cli
