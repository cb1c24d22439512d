// A limit on the memory of this process for as long as it reads what others have made with a library that has no limits
// of its own: what would take more fails as if the machine had no more.
#pragma once

#include <sys/resource.h>

#include <cstddef>

namespace dockhew::cli {

class MemoryLimit {
 public:
  explicit MemoryLimit(std::size_t bytes);
  ~MemoryLimit();
  MemoryLimit(const MemoryLimit&) = delete;
  MemoryLimit& operator=(const MemoryLimit&) = delete;

 private:
  rlimit before_{};
  bool set_ = false;
};

}  // namespace dockhew::cli
