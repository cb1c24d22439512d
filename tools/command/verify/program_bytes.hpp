// The bytes of a program of an image, while it is read: its headers and tables are anywhere in it. Large programs are
// not held in memory but in a file without a name, of which only what is looked at is read back.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dockhew::cli {

class ProgramBytes {
 public:
  // `directory`: for that file.
  ProgramBytes(std::string directory, std::size_t most_in_memory)
      : directory_(std::move(directory)), most_in_memory_(most_in_memory) {}
  ~ProgramBytes();
  ProgramBytes(const ProgramBytes&) = delete;
  ProgramBytes& operator=(const ProgramBytes&) = delete;

  void add(std::string_view bytes);
  // All of them; valid until more are added.
  std::string_view view();

 private:
  std::string directory_;
  std::size_t most_in_memory_, size_ = 0;
  std::string memory_;
  int file_ = -1;
  void* mapped_ = nullptr;
};

}  // namespace dockhew::cli
