// Everything that the command writes into files. A file is replaced as a whole or not at all, whatever happens on the
// way; what is not a file (a device, a pipe) is written into.
#pragma once

#include <cstdint>
#include <string>

namespace dockhew::cli {

// Both are for the user, and empty when there is nothing to say.
struct Written {
  std::string error;  // then nothing was written
  std::string note;   // what could not be kept, or where it was written
};

enum class ReadOnly : std::uint8_t { left_alone, replaced };

// Writes a result. A file that is replaced keeps its mode and its attributes and, if permitted, its owner.
Written write_file(const std::string& path, const std::string& text, ReadOnly read_only = ReadOnly::left_alone);

// Replaces a file that was read as `before`. It is left alone when it has changed since, and when it is read-only.
// A link stays, and the file that it points to is written.
Written replace_file(const std::string& path, const std::string& before, const std::string& after);

}  // namespace dockhew::cli
