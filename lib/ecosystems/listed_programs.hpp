// The commands that a program starts because a file lists them: supervisord, what runs a Procfile, make.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/script.hpp"

namespace dockhew::inline ecosystems {

// Where the list is. Relative paths start where the command runs.
struct CommandList {
  std::vector<std::string> paths;  // in the image; all that are there are read
  std::string directory;           // and all files in it, where it is not empty
  bool required = false;           // one of the paths must be there
  // The lines of shell that a file lists for the words of a command.
  std::vector<std::string> (*lines)(std::string_view text, const ShellCommand& command) = nullptr;
};

// Nothing for a command that starts no list.
// Where services are looked for, and the commands that a file there has; null where it is a script itself.
struct ServiceFiles {
  std::string_view directory;
  std::vector<std::string> (*lines)(std::string_view text) = nullptr;
};
std::span<const ServiceFiles> lists_of_services();

std::optional<CommandList> listed_by(const ShellCommand& command);

// Whether a file of an image may be such a list, by its path.
bool is_list_of_commands(std::string_view path);

}  // namespace dockhew::inline ecosystems
