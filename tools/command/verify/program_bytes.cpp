#include "verify/program_bytes.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "verify/archive_reader.hpp"

namespace dockhew::cli {
namespace {

int file_without_name(const std::string& directory) {
  auto pattern = directory + "/dockhew-program-XXXXXX";
  const int file = ::mkstemp(pattern.data());
  if (file < 0) refuse(std::string("a large program in it cannot be kept: ") + std::strerror(errno));
  ::unlink(pattern.c_str());
  return file;
}

}  // namespace

ProgramBytes::~ProgramBytes() {
  if (mapped_ != nullptr) ::munmap(mapped_, size_);
  if (file_ >= 0) ::close(file_);
}

void ProgramBytes::add(std::string_view bytes) {
  size_ += bytes.size();
  if (file_ < 0 && size_ <= most_in_memory_) {
    memory_ += bytes;
    return;
  }
  const auto write = [&](std::string_view rest) {
    while (!rest.empty()) {
      const auto written = ::write(file_, rest.data(), rest.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) refuse(std::string("a large program in it cannot be kept: ") + std::strerror(errno));
      rest.remove_prefix(static_cast<std::size_t>(written));
    }
  };
  if (file_ < 0) {
    file_ = file_without_name(directory_);
    write(memory_);
    memory_ = {};
  }
  write(bytes);
}

std::string_view ProgramBytes::view() {
  if (file_ < 0) return memory_;
  mapped_ = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file_, 0);
  if (mapped_ == MAP_FAILED) {
    mapped_ = nullptr;
    refuse(std::string("a large program in it cannot be read: ") + std::strerror(errno));
  }
  return {static_cast<const char*>(mapped_), size_};
}

}  // namespace dockhew::cli
