// Our configuration, hadolint's and user rules on any bytes: values or an error. What is read can be written, and reads
// as the same again. The first byte chooses which.
#include "configuration_file.hpp"
#include "scratch.hpp"

using namespace dockhew::cli;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size == 0) return 0;
  static const auto own = scratch_directory() + "/.dockhew.yaml", other = scratch_directory() + "/.hadolint.yaml";
  const bool hadolint = data[0] % 2 == 0;
  const auto& path = hadolint ? other : own;
  write_bytes(path, {reinterpret_cast<const char*>(data) + 1, size - 1});
  const auto read = hadolint ? read_hadolint_configuration(path) : read_configuration(path);
  if (!hadolint || !read.error.empty()) return 0;
  write_bytes(own, write_configuration(read, ".hadolint.yaml"));
  const auto again = read_configuration(own);
  if (again.severities != read.severities || again.ignore != read.ignore) std::abort();
  return 0;
}
