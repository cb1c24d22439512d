// Where the command keeps what it can find out again: below the user's cache directory, as the XDG Base Directory
// Specification has it.
#pragma once

#include <string>

namespace dockhew::cli {

// For one kind of thing; empty where the user has no such directory. It need not exist.
std::string cache_directory(const std::string& kind);

// The value of an environment variable that is an absolute path; empty where it is none.
std::string directory_variable(const char* name);

// Where the user's settings are: XDG_CONFIG_HOME, or what stands in its place; empty where the user has no directory.
std::string configuration_home();

}  // namespace dockhew::cli
