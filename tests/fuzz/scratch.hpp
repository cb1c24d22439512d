// A file for readers that take a path: in memory where that is possible, and with any content.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

inline std::string in_memory_or_temporary() {
  const std::filesystem::path memory = "/dev/shm";
  return (std::filesystem::exists(memory) ? memory : std::filesystem::temp_directory_path()).string();
}

// A directory of this process.
inline std::string scratch_directory() {
  static const struct Scratch {
    std::string path = in_memory_or_temporary() + "/dockhew-XXXXXX";
    Scratch() {
      if (::mkdtemp(path.data()) == nullptr) std::abort();
    }
    ~Scratch() {
      std::error_code error;
      std::filesystem::remove_all(path, error);
    }
  } scratch;
  return scratch.path;
}

inline void write_bytes(const std::string& path, std::string_view bytes) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0 || ::write(file, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) std::abort();
  ::close(file);
}
