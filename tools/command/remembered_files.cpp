#include "remembered_files.hpp"

#include "text/limits.hpp"

namespace dockhew::cli {
namespace {

constexpr std::size_t most_bytes = std::size_t{16} << 20U;

}  // namespace

PathKind RememberedFiles::kind(const std::string& path) const {
  if (const auto known = kinds_.find(path); known != kinds_.end()) return known->second;
  const auto kind = files_->kind(path);
  if (names_ < limits::names_remembered) {
    ++names_;
    kinds_.emplace(path, kind);
  }
  return kind;
}

std::vector<std::string> RememberedFiles::entries(const std::string& directory) const {
  if (const auto known = entries_.find(directory); known != entries_.end()) return known->second;
  auto names = files_->entries(directory);
  if (names_ + names.size() < limits::names_remembered) {
    names_ += names.size() + 1;
    entries_.emplace(directory, names);
  }
  return names;
}

std::optional<std::string> RememberedFiles::read(const std::string& path) const {
  if (const auto known = texts_.find(path); known != texts_.end()) return known->second;
  auto text = files_->read(path);
  const auto size = path.size() + (text ? text->size() : 0);
  if (bytes_ + size <= most_bytes) {
    bytes_ += size;
    texts_.emplace(path, text);
  }
  return text;
}

}  // namespace dockhew::cli
