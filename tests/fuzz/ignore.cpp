// .dockerignore patterns: the first line is the path, the rest are patterns.
#include "model/dockerignore.hpp"
#include "text/path.hpp"

using namespace dockhew;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto newline = std::min(text.find('\n'), text.size());
  IgnorePatterns::parse(text.substr(newline)).excludes(clean_path(text.substr(0, newline)));
  return 0;
}
