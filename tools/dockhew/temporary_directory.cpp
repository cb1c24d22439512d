#include "temporary_directory.hpp"

#include <cstdlib>
#include <filesystem>

namespace dockhew::cli {

TemporaryDirectory::TemporaryDirectory(const std::string& parent) {
  auto pattern = parent + "/dockhew-XXXXXX";
  if (::mkdtemp(pattern.data()) != nullptr) path_ = pattern;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code error;
  if (!path_.empty()) std::filesystem::remove_all(path_, error);
}

}  // namespace dockhew::cli
