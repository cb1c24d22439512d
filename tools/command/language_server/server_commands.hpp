// What the editor can have the server do to a whole file: make all safe fixes, or optimize it. Both take as long as the
// commands of these names, so the edit is made when somebody has chosen it.
#pragma once

#include <string>
#include <string_view>

#include "language_server/client.hpp"
#include "language_server/snapshot.hpp"
#include "text/json.hpp"

namespace dockhew::cli {

enum class CommandKind { unknown, fix_all, optimize };

inline constexpr std::string_view fix_all_command = "dockhew.fixAll";
inline constexpr std::string_view optimize_command = "dockhew.optimize";

struct ServerCommand {
  CommandKind kind = CommandKind::unknown;
  std::string uri;
  Applicability least = Applicability::conditional;  // the weakest change that `optimize` makes
};

Json command_names();

// From {"command": …, "arguments": [{"uri": …, "least": "safe"}]}; the URI may also be the argument itself.
ServerCommand read_command(const Json& said);
// The same the other way round.
Json command_json(const ServerCommand& command, std::string_view title);

struct Done {
  Json edit;  // null when nothing is changed
  std::string label, message;
};
Done edit_of_command(const Snapshot& snapshot, const ServerCommand& command, const Client& client);

}  // namespace dockhew::cli
