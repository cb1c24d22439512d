// What the log of a CI service takes for a command. Text of a stranger's Dockerfile must not become one.
#pragma once

#include <string>
#include <string_view>

namespace dockhew::inline text {

// Whether GitHub Actions takes a line for a command: `::error::`, after blanks.
bool is_workflow_command(std::string_view line);

// Whether a text begins as a command that GitHub Actions (`##[error]`) or Azure Pipelines (`##vso[task…]`) finds
// anywhere in a line.
bool is_command_anywhere(std::string_view text);

// escape_for_terminal of each line; the ends of lines stay.
std::string escape_lines(std::string_view text);

}  // namespace dockhew::inline text
