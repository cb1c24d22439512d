#include "temporary_directory.hpp"

#include <cstdlib>
#include <filesystem>

namespace dockhew::cli {
namespace {

// While the command is being stopped, another thread may still put files into it.
void remove_directory(const std::string& path) {
  constexpr int attempts = 1000;
  std::error_code error;
  for (int i = 0; i < attempts && std::filesystem::exists(path, error); ++i) std::filesystem::remove_all(path, error);
}

}  // namespace

TemporaryDirectory::TemporaryDirectory(const std::string& parent)
    : unfinished_([&]() -> std::function<void()> {
        auto pattern = parent + "/dockhew-XXXXXX";
        if (::mkdtemp(pattern.data()) == nullptr) return {};
        path_ = pattern;
        return [pattern] { remove_directory(pattern); };
      }) {}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code error;
  if (!path_.empty()) std::filesystem::remove_all(path_, error);
}

}  // namespace dockhew::cli
