// libc++ without a file system leaves std::ifstream undefined, and toml++ has a function that reads a file, which
// nobody calls. This stands in for what that function names, so that it compiles; a file is never there.
#pragma once

#include <version>

#if defined(_LIBCPP_HAS_NO_FILESYSTEM)
#include <istream>
#include <string>

template <>
class std::basic_ifstream<char> : public std::istream {
 public:
  basic_ifstream() : std::istream(nullptr) {}
  void open(const std::string&, std::ios_base::openmode) { setstate(std::ios_base::failbit); }
  bool is_open() const { return false; }
  void close() {}
};
#endif
