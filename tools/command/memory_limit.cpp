#include "memory_limit.hpp"

#include <malloc.h>
#include <unistd.h>

#include <fstream>

namespace dockhew::cli {
namespace {

// What this process may write to; the sixth number of `statm` is in pages.
std::size_t memory_in_use() {
  std::ifstream statm("/proc/self/statm");
  std::size_t pages = 0;
  for (int i = 0; i < 6; ++i) statm >> pages;
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

MemoryLimit::MemoryLimit(std::size_t bytes) {
  // A sanitizer reserves terabytes.
  if (memory_in_use() >= bytes || ::getrlimit(RLIMIT_DATA, &before_) != 0 || before_.rlim_cur <= bytes) return;
#ifdef __GLIBC__
  // What fails must fail soon, because it may fail millions of times: not after a look at each arena.
  ::mallopt(M_ARENA_MAX, 1);
#endif
  const rlimit limit{bytes, before_.rlim_max};
  set_ = ::setrlimit(RLIMIT_DATA, &limit) == 0;
}

MemoryLimit::~MemoryLimit() {
  if (set_) ::setrlimit(RLIMIT_DATA, &before_);
}

}  // namespace dockhew::cli
